import type { Command } from "commander";
import { OptionError } from "../core/words/errors";
import { createDesk, type Desk } from "../handout/desk";
import { Secrets } from "../handout/mask";
import { metadataServer } from "../handout/metadata-server";
import { type Parts, type Run, runOnApp } from "./command";
import { describeFailure } from "./describe-failure";
import { runChild } from "./exec/child";
import { environmentFor } from "./exec/environment";
import { listen, type Listening } from "./server/listen";
import { canTellUsers, isOwnPeer } from "./server/peers";

/** The command `exec`. */
export function define(command: Command, parts: Parts): void {
  command
    .usage("[options] -- PROGRAM [ARGUMENT...]")
    .argument("<program>", "what to run, without a shell")
    .argument("[arguments...]")
    .passThroughOptions()
    .option("--env <name>", "one more variable for the token; may be given again", collect, [])
    .option(
      "--serve",
      "serve tokens to the program while it lives; the default where no other user can get one",
    )
    .option("--no-serve", "give it the one token alone")
    .option("--mask", "replace tokens in its output by ***; the default where the variable CI is set")
    .option("--no-mask", "leave its output alone")
    .option(
      "--keep-credentials",
      "leave variables such as YC_SERVICE_ACCOUNT_KEY_FILE in its environment",
      false,
    )
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, exec);
}

const EXAMPLES = `
The program gets the token in YC_TOKEN and YC_IAM_TOKEN, and nothing is written to a disk. What it is served it finds by
YC_METADATA_ADDR: go-sdk, the Python SDK and other clients of the metadata service get a new token whenever they ask.

Examples:
  yciam exec -- terraform apply
  yciam exec --env TF_VAR_token -- tofu plan
  yciam exec --mask -- sh -c 'env | sort'

Exit codes: that of the program, 128 and the number of the signal that ended it, 126 and 127 if it cannot be run or
found; 1 if there is no token, 64 wrong usage.`;

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name];
}

async function exec({ app, values, context, io, words }: Run): Promise<number> {
  const names = values.env as readonly string[];
  if (!names.every((name) => /^[A-Za-z_]\w*$/.test(name)))
    throw new OptionError("--env takes the name of a variable, and nothing else.", "env");
  const secrets = new Secrets();
  const desk = createDesk(app, (token) => secrets.add(token));
  const result = await desk.token(io.signal);
  const server = await serve(values.serve as boolean | undefined, desk);
  try {
    const served: Record<string, string> = server === undefined ? {} : { YC_METADATA_ADDR: server.address };
    const keepsCredentials = values.keepCredentials === true;
    const env = environmentFor(context.env, { result, names, served, keepsCredentials });
    const isMasked = (values.mask as boolean | undefined) ?? isCi(context.env.CI);
    return await runChild({ words, env, masked: isMasked ? secrets : undefined }, io);
  } finally {
    server?.close();
  }
}

/** CI systems set it; some people set it to nothing. */
function isCi(variable = ""): boolean {
  return !["", "0", "false"].includes(variable.toLowerCase());
}

async function serve(isAsked: boolean | undefined, desk: Desk): Promise<Listening | undefined> {
  if (isAsked === false) return undefined;
  if (await canTellUsers()) {
    const place = { host: "127.0.0.1", port: 0, isAllowed: isOwnPeer };
    return listen(metadataServer({ desk, describe: describeFailure }), place);
  }
  if (isAsked !== true) return undefined;
  throw new OptionError(
    "--serve is not to be had here: other users of this machine could not be kept from the token. Leave it out.",
    "serve",
  );
}
