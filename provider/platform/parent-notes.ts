import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ParentNotes } from "../core/context";
import { ensurePrivateFolder, type Owner, readPrivate, replacePrivate } from "./private-files";
import { processSpace } from "./process-space";

/** In bytes; a note is shorter. */
const MAX_NOTE_BYTES = 1024;

/** Digits of a file's name: so there are never more than 4096 files, and none has to be removed. */
const SLOT_DIGITS = 3;

/**
 * Notes about the program that started this process, in files beside the tokens. Two programs may come upon the same file:
 * the note of the first is then gone.
 * @param tokens the folder of the tokens
 */
export function createParentNotes(tokens: string): ParentNotes {
  const folder = join(dirname(tokens), "parents");
  const owner = process.geteuid?.();
  const placeOf = (subject: string) => {
    const id = hash("sha256", JSON.stringify([process.ppid, startOf(process.ppid), processSpace(), subject]));
    return { id, path: join(folder, id.slice(0, SLOT_DIGITS)) };
  };
  return {
    read: async (subject) => {
      const { id, path } = placeOf(subject);
      const [whose, note] = textOf(path, owner)?.split("\n") ?? [];
      return whose === id ? note : undefined;
    },
    write: async (subject, note) => {
      const { id, path } = placeOf(subject);
      try {
        ensurePrivateFolder(folder, owner);
        replacePrivate(path, Buffer.from(`${id}\n${note}\n`), Date.now());
      } catch {
        // What is not known of the parent costs one exchange.
      }
    },
  };
}

function textOf(path: string, owner: Owner): string | undefined {
  try {
    return readPrivate(path, owner, MAX_NOTE_BYTES)?.toString("utf8");
  } catch {
    return undefined;
  }
}

/**
 * When a process started: an id alone may be another's by now. Empty where the kernel does not tell (macOS, Windows): then
 * another program with the same id is taken for the former one, which costs it one exchange.
 */
function startOf(pid: number): string {
  try {
    // The name, in brackets, may have spaces and brackets. Source: man 5 proc_pid_stat, field 22.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
