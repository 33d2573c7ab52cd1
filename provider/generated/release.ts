// Written by `npm run generate` from release.config.json.

/** Where a release is published. */
export const RELEASE = {
  repository: "https://yciam.example/yciam",
  namespace: "yciam",
  pluginDownloadURL: "https://yciam.example/plugins",
  goModule: "yciam.example/sdk/go",
  javaPackage: "example.yciam",
  dotnetNamespace: "Example",
} as const;
