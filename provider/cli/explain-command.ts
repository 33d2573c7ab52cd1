import type { Command } from "commander";
import type { App } from "../app";
import { type Parts, runOnApp, tableOrJson } from "./command";
import { formatTable } from "./explanation";
import { EXIT, type Io } from "./io";
import { jsonForTerminal } from "./terminal";

/** The command `explain`. */
export function define(command: Command, parts: Parts): void {
  command
    .option("--verify", "get a token too, to see that the credential is taken", false)
    .addOption(tableOrJson())
    .addHelpText("after", CODES);
  runOnApp(command, parts, ({ app, values, io }) =>
    printExplanation(app, { verify: values.verify === true, output: values.output as "table" | "json" }, io),
  );
}

const CODES = `
Exit codes: 0 a resolver would be asked, or with --verify answered; 2 none (none is set up, or one that is set up is
broken), 64 wrong usage.`;

/** Prints how each resolver fares. The exit code says whether one would be asked. No secret is printed. */
async function printExplanation(
  app: App,
  options: { readonly verify: boolean; readonly output: "table" | "json" },
  io: Io,
): Promise<number> {
  const explanation = await app.explain({ verify: options.verify, signal: io.signal });
  io.stdout.write(options.output === "json" ? `${jsonForTerminal(explanation)}\n` : formatTable(explanation));
  return explanation.chosen === undefined ? EXIT.nobodyAnswers : EXIT.ok;
}
