// Pulumi is an optional peer, since most people who install the package want the command alone. What Node says of a module
// that is missing would not tell the others what to do.
try {
  require.resolve("@pulumi/pulumi");
} catch (cause) {
  throw new Error(
    'The module "yciam" is for programs of Pulumi, and @pulumi/pulumi is not installed: run "npm install @pulumi/pulumi". ' +
      'A program without Pulumi takes its tokens from "yciam/token".',
    { cause },
  );
}
