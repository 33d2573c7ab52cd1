import { Command } from "commander";
import { VERSION } from "../core/words/version";
import type { Parts } from "./command";
import { COMMANDS } from "./commands";
import { rewordUsageError } from "./usage-error";

/** The command line: every command by name, and the flags of the one that is run. */
export function createProgram(parts: Parts): Command {
  const program = new Command("yciam")
    .description("Yandex Cloud IAM tokens for infrastructure code.")
    .version(VERSION, "--version", "print the version")
    .helpOption("--help", "show this text")
    .exitOverride()
    // The words after a program that is to be run are its own.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => void parts.io.stdout.write(text),
      writeErr: (text) => void parts.io.stderr.write(text),
      outputError: (text, write) => write(rewordUsageError(text)),
    });
  const { words } = parts;
  const needsAll = COMMANDS.some((row) => row.needsAll === true && words.includes(row.name));
  // Most command lines begin with the one that is run, and the others would only be made.
  const chosen = COMMANDS.filter(({ name }) => name === words[2]);
  for (const { name, summary, load } of needsAll || chosen.length === 0 ? COMMANDS : chosen) {
    const command = program.command(name).description(summary).helpOption("--help", "show this text");
    // There are a hundred flags. To make them for each command takes as long as to read a token from the cache.
    if (needsAll || words.includes(name)) load().define(command, parts);
  }
  return program;
}
