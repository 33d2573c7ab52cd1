import { Command, Option } from "commander";
import { type App, createApp } from "../app";
import type { Context } from "../core/context";
import { VERSION } from "../core/words/version";
import { emulatorCommand } from "./emulator-command";
import { explainCommand } from "./explain-command";
import { addFlags, readFlags } from "./flags";
import { EXIT, type Io } from "./io";
import { resolversCommand } from "./resolvers-command";
import { revokeCommand } from "./revoke-command";
import { type Format, FORMATS, tokenCommand } from "./token-command";
import { rewordUsageError } from "./usage-error";

/** What the commands are made of. */
export interface Parts {
  /** The words of the command line. */
  readonly words: readonly string[];
  readonly io: Io;
  /** Makes the context; the debug log goes to stderr when asked for. */
  readonly context: (debug: boolean) => Context;
  /** Is told the exit code of the command that was run. */
  readonly exit: (code: number) => void;
}

type Values = Readonly<Record<string, unknown>>;

/** The command line: every command, with a flag for every option. */
export function createProgram(parts: Parts): Command {
  const program = new Command("yciam")
    .description("Yandex Cloud IAM tokens for infrastructure code.")
    .version(VERSION, "--version", "print the version")
    .helpOption("--help", "show this text")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void parts.io.stdout.write(text),
      writeErr: (text) => void parts.io.stderr.write(text),
      outputError: (text, write) => write(rewordUsageError(text)),
    });
  addToken(program, parts);
  addExplain(program, parts);
  addResolvers(program, parts);
  addRevoke(program, parts);
  addEmulator(program, parts);
  return program;
}

function addToken(program: Command, parts: Parts): void {
  const command = program
    .command("token")
    .description("Prints an IAM token. With no flags the environment decides which credential is used.")
    .addOption(new Option("--output <format>", "how it is printed").choices(FORMATS).default("token"))
    .addHelpText("after", EXAMPLES.token);
  finish(command, parts, async (app, values) => {
    await tokenCommand(app, values.output as Format, parts.io);
    return EXIT.ok;
  });
}

function addExplain(program: Command, parts: Parts): void {
  const command = program
    .command("explain")
    .description("Says which credential is used here, and why not the others. Asks for no token.")
    .option("--verify", "get a token too, to see that the credential is taken", false)
    .addOption(tableOrJson())
    .addHelpText("after", EXAMPLES.explain);
  finish(command, parts, (app, values) =>
    explainCommand(
      app,
      { verify: values.verify === true, output: values.output as "table" | "json" },
      parts.io,
    ),
  );
}

function addResolvers(program: Command, { io, exit }: Parts): void {
  program
    .command("resolvers")
    .description("Lists the resolvers in the order they are tried, with the flags and variables of each.")
    .helpOption("--help", "show this text")
    .addOption(tableOrJson())
    .action(({ output }: Values) => {
      resolversCommand(output as "table" | "json", io.stdout);
      exit(EXIT.ok);
    });
}

function tableOrJson(): Option {
  return new Option("--output <format>", "for people or for programs")
    .choices(["table", "json"])
    .default("table");
}

function addRevoke(program: Command, parts: Parts): void {
  const command = program
    .command("revoke")
    .description(
      "Makes a token useless for everyone who holds it; Yandex Cloud may have given it to others too. The cache forgets it as well, whatever credential it came from.",
    )
    .option("--token-file <path>", "file with the token; by default it is read from standard input")
    .addHelpText("after", EXAMPLES.revoke);
  finish(command, parts, (app, values, { files }) =>
    revokeCommand(app, values.tokenFile as string | undefined, { io: parts.io, files }),
  );
}

function addEmulator(program: Command, { io, exit }: Parts): void {
  program
    .command("emulator")
    .description("Runs an emulator of IAM on this machine, for tests; `yciam emulator --help` says more.")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_values: Values, command: Command) => exit(await emulatorCommand(command.args, io)));
}

/** Gives a command the flags of every option, and runs it on an app made from them. */
function finish(
  command: Command,
  { words, io, context: createContext, exit }: Parts,
  run: (app: App, values: Values, context: Context) => Promise<number>,
): void {
  command.option("--debug", "log what is done on standard error; no secret is in it", false);
  command.helpOption("--help", "show this text");
  // There are a hundred flags. To make them for each command takes as long as to read a token from the cache.
  if (words.includes(command.name())) addFlags(command);
  command.action(async (values: Values) => {
    const { config, exposed } = await readFlags(values, io.stdin);
    for (const flag of exposed) {
      io.stderr.write(
        `yciam: warning: other users can see the secret after ${flag}; give \`-\` and send it on standard input.\n`,
      );
    }
    const context = createContext(values.debug === true);
    exit(await run(createApp(config, context), values, context));
  });
}

const CODES = "Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted.";
const EXAMPLES = {
  token: `
Examples:
  yciam token --service-account-key-file ~/key.json
  curl -H "$(yciam token --output header)" https://resource-manager.api.cloud.yandex.net/resource-manager/v1/clouds
  eval "$(yciam token --output env)"        sets YC_IAM_TOKEN and YC_TOKEN
  vault kv get -field=key secret/yc | yciam token --service-account-key-json -

${CODES}`,
  explain: `
Exit codes: 0 a resolver would be asked, or with --verify answered; 2 none (none is set up, or one that is set up is
broken), 64 wrong usage.`,
  revoke: `
Prints the id of the account that the token was for, when Yandex Cloud tells it. A token that is dead already is
forgotten by the cache too; the exit code is then 1.

Example:
  yciam revoke < token.txt

${CODES}`,
} as const;
