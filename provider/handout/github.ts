import { randomUUID } from "node:crypto";
import type { Secret } from "../core/words/secret";

/** Orders to GitHub's runner, which reads them in a step's output. Source: actions/runner, ActionCommandManager. */
export type WorkflowCommand = "add-mask" | "debug" | "warning" | "error" | "group" | "endgroup";

/** One such order, with its line break. Text of several lines stays one order. */
export function workflowCommand(name: WorkflowCommand, text = ""): string {
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return `::${name}::${escaped}\n`;
}

/** Hides a token in everything that the job prints from now on: to be written before it is handed on in any way. */
export function maskCommand(token: Secret): string {
  return workflowCommand("add-mask", token.reveal());
}

/** Text with no order in it for the runner, whatever stands in its lines. */
export function withoutCommands(text: string): string {
  const end = randomUUID();
  return `::stop-commands::${end}\n${text.replace(/\n?$/, "\n")}::${end}::\n`;
}

/**
 * Lines for one of the files by which a step hands values on: that of GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE. No
 * value can end its own entry and begin another one.
 */
export function fileCommands(values: Readonly<Record<string, string>>): string {
  const end = `yciam_${randomUUID()}`;
  return Object.entries(values)
    .map(([name, value]) => `${name}<<${end}\n${value}\n${end}\n`)
    .join("");
}
