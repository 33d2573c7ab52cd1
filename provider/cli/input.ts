import { fstatSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Files } from "../core/context";
import { OptionError } from "../core/errors";
import type { Output } from "./io";

/**
 * Reads a stream to its end, once; ends early when the signal aborts. A person at a terminal is told.
 * @throws OptionError at the second call: there is nothing left for it
 */
export function readStdin(
  stream: Readable & { readonly isTTY?: boolean },
  stderr: Output,
  signal: AbortSignal,
): () => Promise<string> {
  let isRead = false;
  return async () => {
    if (isRead)
      throw new OptionError("standard input can be read once: give `-` for one option alone.", "stdin");
    isRead = true;
    if (stream.isTTY === true) stderr.write("yciam: paste the secret, and end it with Enter and Ctrl-D.\n");
    const stop = () => stream.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await text(stream);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}

/** Whether something is piped or redirected into a descriptor; a terminal and /dev/null bring nothing. */
export function isFed(descriptor: number): boolean {
  try {
    return !fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
  EFBIG: "it is larger than 1 MiB, so it is no credential",
};

/**
 * Reads a file that a flag names.
 * @throws OptionError that names the flag, the path and what is wrong
 */
export async function readNamedFile(files: Files, path: string, flag: string): Promise<string> {
  try {
    return await files.read(path);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    const problem = PROBLEMS[code] ?? `it cannot be read (${code})`;
    // What is too long or has line breaks is probably the secret itself.
    const shown = path.length > 300 || path.includes("\n") ? "something that is no path" : path;
    throw new OptionError(`${flag} names ${shown}, but ${problem}.`, flag);
  }
}
