import { Command, Option } from "commander";
import { type App, createApp } from "../app";
import type { Context } from "../core/context";
import { hideTokens } from "../core/secret";
import { VERSION } from "../core/version";
import { emulatorCommand } from "./emulator-command";
import { explainCommand } from "./explain-command";
import { addFlags } from "./flags";
import { HELP } from "./help";
import { readNamedFile } from "./input";
import { EXIT, type Io } from "./io";
import { readFlags, type Values } from "./read-flags";
import { resolversCommand } from "./resolvers-command";
import { revokeCommand, TOKEN_FILE } from "./revoke-command";
import { type Format, FORMATS, tokenCommand } from "./token-command";

/** What the commands are made of. */
export interface Parts {
  readonly io: Io;
  /** Makes the context; the debug log goes to stderr when asked for. */
  readonly context: (debug: boolean) => Context;
  /** Is told the exit code of the command that was run. */
  readonly exit: (code: number) => void;
}

/** The command line: every command, with a flag for every option. */
export function createProgram(parts: Parts): Command {
  const program = new Command("yciam")
    .description("Yandex Cloud IAM tokens for infrastructure code.")
    .version(VERSION, "--version", "print the version")
    .helpOption("--help", "show this text")
    .addHelpText("after", HELP.program)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void parts.io.stdout.write(text),
      writeErr: (text) => void parts.io.stderr.write(text),
      // The words in question are repeated, and anything may have been pasted among them.
      outputError: (text, write) => write(hideTokens(text.replace(/^error: /, "yciam: "))),
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
    .addHelpText("after", HELP.token);
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
    .addHelpText("after", HELP.explain);
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
    .addHelpText("after", HELP.resolvers)
    .action((values: Values) => {
      resolversCommand(values.output as "table" | "json", io.stdout);
      exit(EXIT.ok);
    });
}

function addRevoke(program: Command, parts: Parts): void {
  const command = program
    .command("revoke")
    .description(
      "Makes a token useless for everyone who holds it; Yandex Cloud may have given it to others too.",
    )
    .option(`${TOKEN_FILE} <path>`, "file with the token to revoke; `-` is standard input")
    .addHelpText("after", HELP.revoke);
  finish(command, parts, (app, values, context) =>
    revokeCommand(app, values.iamTokenFile as string | undefined, context, parts.io),
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

function tableOrJson(): Option {
  return new Option("--output <format>", "for people or for programs")
    .choices(["table", "json"])
    .default("table");
}

/** Gives a command the flags of every option, and runs it on an app made from them. */
function finish(
  command: Command,
  { io, context: createContext, exit }: Parts,
  run: (app: App, values: Values, context: Context) => Promise<number>,
): void {
  command.option("--debug", "log what is done on standard error; no secret is in it", false);
  command.helpOption("--help", "show this text");
  addFlags(command).action(async (values: Values) => {
    const context = createContext(values.debug === true);
    const file = (path: string, flag: string) => readNamedFile(context.files, path, flag);
    const config = await readFlags(values, { stdin: io.stdin, file });
    exit(await run(createApp(config, context), values, context));
  });
}
