import type { Call } from "../core/token/call";
import type { Context } from "../core/context";
import { CredentialError, OptionError } from "../core/words/errors";
import { option, say } from "../core/words/message";
import { defineResolver, type ResolverInput, unavailable, type Unavailable } from "../core/chain/resolver";
import { shownPath } from "../core/words/secret";
import type { IamToken } from "../core/token/token";
import { readBearer } from "./shared/bearer";
import { readFileIfThere } from "./shared/files";
import { runProgram } from "./shared/program";
import { ycConfigPath } from "./shared/yc-config";

const options = {
  profile: {
    kind: "string",
    env: ["YCIAM_YC_CLI_PROFILE"],
    doc: "Name of the profile; by default the one in use.",
  },
  path: {
    kind: "path",
    env: ["YCIAM_YC_CLI_PATH"],
    default: "yc",
    doc: "The `yc` program, when it is not on PATH.",
  },
} as const;

type Input = ResolverInput<typeof options>;

/**
 * Asks the user's `yc` for a token: the way for federated and local users, whose session only yc can use. yc says
 * nothing of the token's life, which the session bounds; so it is asked again after `refreshAfter`.
 */
export const ycCli = defineResolver({
  name: "ycCli",
  summary:
    "The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named.",
  options,
  async resolve(input) {
    const { options: given, named, context } = input;
    if (!named && !context.interactive) {
      return unavailable(
        "yc is asked only when it is named, or at a terminal",
        say`name ${option("ycCli")} in ${option("resolvers")} or YCIAM_RESOLVERS`,
      );
    }
    const args = argumentsOf(input);
    const program = await findYc(input);
    if (typeof program !== "string") return program;
    const missing = named ? undefined : await notSetUp(input);
    const id = `ycCli ${JSON.stringify([given.path ?? "", ...args])}`;
    return missing ?? { id, token: (call) => askToken([program, ...args], input, call) };
  },
});

/** A token alone on stdout, whatever the profile says of formats. */
const QUIET: readonly string[] = ["--no-user-output", "--format", "text"];

type Argv = readonly [string, ...string[]];

/** A path that was given must be there; the program's bare name is looked for on PATH. */
async function findYc({ options: given, source, context }: Input): Promise<string | Unavailable> {
  const found = await context.which((given.path ?? "yc").replace(/^~(?=\/)/, context.home));
  if (found !== undefined) return found;
  if (given.path === undefined) {
    return unavailable(
      "the program yc is not installed, or not on PATH",
      say`install yc, or set ${option("ycCli.path")}`,
    );
  }
  throw new CredentialError(
    say`${source("path")} names ${shownPath(given.path)}, but there is no such program. Give the path of yc.`,
    "ycCli.path",
  );
}

/** The profile is the user's own choice; the endpoint is named only where it is not yc's default. */
function argumentsOf({ options: given, source, iam }: Input): readonly string[] {
  const profile = given.profile?.trim();
  if (profile !== undefined && /^-|[^\x20-\x7e]/.test(profile)) {
    throw new OptionError(
      say`${source("profile")} is not the name of a profile. \`yc config profile list\` tells the names.`,
      "ycCli.profile",
    );
  }
  const { api, installation } = iam.endpoints;
  return [
    ...["iam", "create-token", ...QUIET],
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(installation === "ru" ? [] : ["--endpoint", hostAndPort(api)]),
  ];
}

function hostAndPort(root: string): string {
  const { hostname, port, protocol } = new URL(root);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** In a chain, a yc that was installed but never set up is no credential that is broken: there is none. */
async function notSetUp(input: Input): Promise<Unavailable | undefined> {
  const path = ycConfigPath(input.context);
  const there = await readFileIfThere(path, { from: "yc", option: "ycCli" }, input);
  return there === undefined ? unavailable(`yc was never set up here (${path})`, "run `yc init`") : undefined;
}

async function askToken(argv: Argv, { context, iam }: Input, call: Call): Promise<IamToken> {
  const shown = argv.slice(1).filter((word) => !QUIET.includes(word));
  const program = { argv, env: environment(context), name: `\`yc ${shown.join(" ")}\``, path: "ycCli" };
  const token = readBearer(await runProgram(program, context, call), "`yc iam create-token`", "ycCli");
  return { token, issuedAt: iam.clock.now() };
}

/** The profile's own credential is wanted: YC_IAM_TOKEN would go before it, and is another resolver's. */
function environment({ env }: Context): Context["env"] {
  return { ...env, YC_IAM_TOKEN: undefined, YC_CLI_INITIALIZATION_SILENCE: "true" };
}
