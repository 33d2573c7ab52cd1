import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A shell script that can be run; `body` comes after the line that makes it one. */
export function writeProgram(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A body that notes how the program was called, then does `body`. */
export function noting(folder: string, body: string): string {
  return `printf '%s\\n' "$*" >> '${folder}/calls'\nenv > '${folder}/env'\n${body}`;
}

/** The arguments of each call, oldest first. */
export function callsOf(folder: string): string[] {
  return readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
}

/** The environment of the last call. */
export function envOf(folder: string): string[] {
  return readFileSync(join(folder, "env"), "utf8").trim().split("\n");
}
