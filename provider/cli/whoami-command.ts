import type { Command } from "commander";
import type { Identity } from "../app";
import { formatDuration } from "../core/options/duration";
import { oneLine } from "../core/words/secret";
import { CODES, type Parts, runOnApp, tableOrJson } from "./command";
import { EXIT } from "./io";
import { jsonForTerminal } from "./terminal";

/** The command `whoami`. */
export function define(command: Command, parts: Parts): void {
  command.addOption(tableOrJson()).addHelpText("after", `\n${CODES}`);
  runOnApp(command, parts, async ({ app, values, io }) => {
    const identity = await app.whoami(io.signal);
    io.stdout.write(values.output === "json" ? `${jsonForTerminal(identity)}\n` : formatIdentity(identity));
    return EXIT.ok;
  });
}

/** A line for each thing that is known. */
function formatIdentity(identity: Identity): string {
  const { subjectId, name, type, refreshAt, fingerprint, steps } = identity;
  const way = steps.map(({ by, subjectId: whose }) => (whose === undefined ? by : `${by} ${whose}`));
  const lines: readonly (readonly [string, string | undefined])[] = [
    // The console's users choose these names.
    ["NAME", name === undefined ? undefined : oneLine(type === undefined ? name : `${name} (${type})`)],
    ["SUBJECT", subjectId ?? "not known: IAM tells of no token whose it is"],
    ["BY", way.join(" -> ")],
    ["EXPIRES", expiry(identity)],
    ["RENEWED", refreshAt === undefined ? undefined : `by a call after ${refreshAt}`],
    ["FINGERPRINT", fingerprint],
  ];
  return lines.map(([title, text]) => (text === undefined ? "" : `${title.padEnd(11)}  ${text}\n`)).join("");
}

function expiry({ expiresAt, remainingSeconds = 0 }: Identity): string {
  return expiresAt === undefined
    ? "not known"
    : `${expiresAt}, in ${formatDuration(remainingSeconds * 1000)}`;
}
