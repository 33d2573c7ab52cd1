import { execFileSync } from "node:child_process";
import { root } from "../root.mjs";

/** The shells that the command has completions for, and the end of such a file's name. */
const SHELLS = { bash: "bash", zsh: "zsh", fish: "fish", powershell: "ps1" };

const node = (...args) => execFileSync(process.execPath, args, { cwd: root });

/**
 * What lies beside the command in its archive, by path: completions and the manual page.
 * @returns {Readonly<Record<string, Buffer>>}
 */
export function extras() {
  const page = node("-r", "ts-node/register/transpile-only", "scripts/man-page.ts");
  return { "man/yciam.1": page, ...completions() };
}

function completions() {
  const made = Object.entries(SHELLS).map(([shell, end]) => [
    `completions/yciam.${end}`,
    node("dist/bin/yciam.js", "completion", shell),
  ]);
  return Object.fromEntries(made);
}
