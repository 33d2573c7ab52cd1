import type { Command } from "commander";
import { OptionError } from "../core/words/errors";
import { Secret } from "../core/words/secret";
import { createDesk, type Desk } from "../handout/desk";
import { Secrets } from "../handout/mask";
import { type Parts, type Run, runOnApp } from "./command";
import { runChild } from "./exec/child";
import { environmentFor } from "./exec/environment";
import { type Beside, besideOwn, serveBeside } from "./server/beside";
import { canTellUsers, isOwnPeer } from "./server/peers";

/** The command `exec`. */
export function define(command: Command, parts: Parts): void {
  command
    .usage("[options] -- PROGRAM [ARGUMENT...]")
    .argument("<program>", "what to run, without a shell")
    .argument("[arguments...]", "its own")
    .passThroughOptions()
    .option("--env <name>", "one more variable for the token; may be given again", collect)
    .option(
      "--serve",
      "serve tokens to the program while it lives; the default where no other user can get one",
    )
    .option("--no-serve", "give it the one token alone")
    .option("--mask", "replace tokens in its output by ***; the default where the variable CI is set")
    .option("--no-mask", "leave its output alone")
    .option("--keep-credentials", "leave variables such as YC_SERVICE_ACCOUNT_KEY_FILE in its environment")
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, exec);
}

const EXAMPLES = `
The program gets the token in YC_TOKEN and YC_IAM_TOKEN; nothing is written to a disk. By YC_METADATA_ADDR it finds a server
that lives as long as it does: go-sdk, the Python SDK and other clients of the metadata service get a new token whenever
they ask. AWS's clients get keys of Object Storage from it.

Examples:
  yciam exec -- terraform apply
  yciam exec --env TF_VAR_token -- tofu plan
  yciam exec -- aws --endpoint-url https://storage.yandexcloud.net s3 ls

Exit codes: that of the program, 128 and the number of the signal that ended it, 126 and 127 if it cannot be run or
found; 1 if there is no token, 64 wrong usage.`;

function collect(name: string, names: readonly string[] = []): readonly string[] {
  return [...names, name];
}

async function exec({ app, values, context, io, words }: Run): Promise<number> {
  const { env: names = [] } = values as { readonly env?: readonly string[] };
  if (!names.every((name) => /^[A-Za-z_]\w*$/.test(name)))
    throw new OptionError("--env takes the name of a variable, and nothing else.", "env");
  const secrets = new Secrets();
  const desk = createDesk(app, (secret) => secrets.add(secret), context.now);
  const result = await desk.token(io.signal);
  const server = await serve(values.serve as boolean | undefined, desk);
  try {
    const served = besideOwn(server?.variables ?? {}, context.env);
    const authorization = served.AWS_CONTAINER_AUTHORIZATION_TOKEN;
    if (authorization !== undefined) secrets.add(new Secret(authorization));
    const keepsCredentials = values.keepCredentials === true;
    const env = environmentFor(context.env, { result, names, served, keepsCredentials });
    const isMasked = (values.mask as boolean | undefined) ?? isCi(context.env.CI);
    io.signal.throwIfAborted();
    return await runChild({ words, env, masked: isMasked ? secrets : undefined }, io);
  } finally {
    server?.close();
  }
}

/** CI systems set it; some people set it to nothing. */
function isCi(variable = ""): boolean {
  return !["", "0", "false"].includes(variable.toLowerCase());
}

async function serve(isAsked: boolean | undefined, desk: Desk): Promise<Beside | undefined> {
  if (isAsked === false) return undefined;
  if (await canTellUsers()) return serveBeside(desk, { host: "127.0.0.1", port: 0, isAllowed: isOwnPeer });
  if (isAsked === undefined) return undefined;
  throw new OptionError(
    "--serve is not to be had here: other users of this machine could not be kept from the token, which takes Linux and its /proc/net/tcp. Leave it out.",
    "serve",
  );
}
