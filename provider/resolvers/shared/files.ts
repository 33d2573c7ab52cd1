import { type Call, sooner } from "../../core/token/call";
import type { Context } from "../../core/context";
import { CredentialError } from "../../core/words/errors";
import { type OptionRef, say, type Text } from "../../core/words/message";
import { Secret, shownPath } from "../../core/words/secret";

const MISSING = "there is no such file";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
  EFBIG: "it is larger than 1 MiB, so it is no credential",
  ETIMEDOUT: "it is a pipe, and no program wrote to it and closed it in the time allowed",
  EAGAIN: "it is a terminal or another device, and no file",
};

/** What names a file: an option or a variable for messages, and the path of the option at fault. */
export interface FileName {
  readonly from: Text | OptionRef;
  readonly option: string;
}

/** What is needed of a resolver's input to read a file. */
export interface Reader {
  readonly context: Context;
  readonly call: Call;
}

/**
 * Reads a file that holds a credential. A pipe is read too, such as `<(...)` of a shell, while the call's time lasts.
 * @throws CredentialError that names what names the file, the path and what is wrong
 */
export async function readFile(path: string, name: FileName, reader: Reader): Promise<Secret> {
  const content = await tryRead(path, reader);
  return typeof content === "string" ? fail(path, name, content) : content;
}

/**
 * The same for a file that counts only where it exists: undefined when there is none.
 * @throws CredentialError for one that is there but cannot be read
 */
export async function readFileIfThere(
  path: string,
  name: FileName,
  reader: Reader,
): Promise<Secret | undefined> {
  const content = await tryRead(path, reader);
  if (content === MISSING) return undefined;
  return typeof content === "string" ? fail(path, name, content) : content;
}

/** What is in the file, or why it cannot be read. */
async function tryRead(path: string, { context, call }: Reader): Promise<Secret | string> {
  try {
    const limits = { signal: call.signal, timeoutMs: sooner(call).remaining() };
    return new Secret(await context.files.read(path, limits));
  } catch (error) {
    call.signal.throwIfAborted();
    const code = String((error as { code?: unknown }).code);
    return PROBLEMS[code] ?? `it cannot be read (${code})`;
  }
}

function fail(path: string, { from, option }: FileName, problem: string): never {
  throw new CredentialError(say`${from} names ${shownPath(path)}, but ${problem}.`, option);
}
