import { type Command, Option } from "commander";
import { type App, createApp } from "../app";
import type { Context } from "../core/context";
import { addFlags, type Given, readFlags } from "./flags";
import type { Io } from "./io";

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

/** What was given to a command, by commander's names of the flags. */
export type Values = Readonly<Record<string, unknown>>;

/** A command's own file. */
export interface CommandModule {
  /** Gives the command its flags, and what it does. */
  readonly define: (command: Command, parts: Parts) => void;
}

/** What a command knows of its run. */
export interface Run {
  readonly app: App;
  readonly values: Values;
  readonly context: Context;
  readonly io: Io;
  /** The words that are no flags. */
  readonly words: readonly string[];
}

/** Commands that tell of the flags of others. */
const ALL_FLAGS: ReadonlySet<string> = new Set(["help", "completion"]);

const NOTHING_GIVEN: Given = { config: {}, exposed: [] };

/** Gives a command the flags of every option, and runs it on an app made from them; it answers the exit code. */
export function runOnApp(command: Command, parts: Parts, run: (run: Run) => Promise<number>): void {
  const { io, context: createContext, exit, words } = parts;
  command.option("--debug", "log what is done on standard error; no secret is in it", false);
  // To make a hundred flags takes as long as to read a token from the cache.
  const hasFlags = words.some((word) => word.startsWith("-") || ALL_FLAGS.has(word));
  if (hasFlags) addFlags(command);
  command.action(async () => {
    const values: Values = command.opts();
    const { config, exposed } = hasFlags ? await readFlags(values, io.stdin) : NOTHING_GIVEN;
    for (const flag of exposed) {
      io.stderr.write(
        `yciam: warning: other users can see the secret after ${flag}; give \`-\` and send it on standard input.\n`,
      );
    }
    const context = createContext(values.debug === true);
    exit(await run({ app: createApp(config, context), values, context, io, words: command.args }));
  });
}

/** `--output` of a command that lists something. */
export function tableOrJson(): Option {
  return new Option("--output <format>", "for people or for programs")
    .choices(["table", "json"])
    .default("table");
}

/** The exit codes of most commands, for their help. */
export const CODES = "Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted.";
