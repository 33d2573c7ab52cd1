import type { Call } from "../../core/token/call";
import type { Context } from "../../core/context";
import { CredentialError } from "../../core/words/errors";
import { nameOf, type Naming, say } from "../../core/words/message";
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
  readonly from: Naming;
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
export async function readFile(path: string, name: FileName, { context, call }: Reader): Promise<Secret> {
  try {
    const limits = { signal: call.signal, timeoutMs: (call.remaining() * 9) / 10 };
    return new Secret(await context.files.read(path, limits));
  } catch (error) {
    call.signal.throwIfAborted();
    const code = String((error as { code?: unknown }).code);
    throw new FileError(code, path, name);
  }
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
  try {
    return await readFile(path, name, reader);
  } catch (error) {
    if (error instanceof FileError && PROBLEMS[error.fileCode] === MISSING) return undefined;
    throw error;
  }
}

/** The error of a file that cannot be read, with Node's own code. */
class FileError extends CredentialError {
  constructor(
    readonly fileCode: string,
    path: string,
    { from, option }: FileName,
  ) {
    const problem = PROBLEMS[fileCode] ?? `it cannot be read (${fileCode})`;
    super(say`${nameOf(from)} names ${shownPath(path)}, but ${problem}.`, option);
  }
}
