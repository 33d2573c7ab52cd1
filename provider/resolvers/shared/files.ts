import type { Context } from "../../core/context";
import { CredentialError } from "../../core/errors";
import { type OptionRef, say, type Text } from "../../core/message";
import { Secret } from "../../core/secret";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder",
  EFBIG: "it is larger than 1 MiB, so it is no credential",
};

/**
 * Reads a file that holds a credential.
 * @param from the option or variable that names the file, for errors
 * @throws CredentialError that names it, the path and what is wrong
 */
export async function readFile(
  context: Context,
  path: string,
  from: Text | OptionRef,
  optionPath: string,
): Promise<Secret> {
  try {
    return new Secret(await context.files.read(path));
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const problem =
      (typeof code === "string" ? PROBLEMS[code] : undefined) ?? `it cannot be read (${String(code)})`;
    throw new CredentialError(say`${from} names ${shown(path)}, but ${problem}.`, optionPath);
  }
}

/**
 * The same for a file that counts only where it exists: undefined when there is none.
 * @throws CredentialError for one that is there but cannot be read
 */
export async function readFileIfThere(
  context: Context,
  path: string,
  from: Text | OptionRef,
  optionPath: string,
): Promise<Secret | undefined> {
  const missing = await context.files.read(path).then(
    () => false,
    ({ code }: { code?: unknown }) => code === "ENOENT" || code === "ENOTDIR",
  );
  return missing ? undefined : readFile(context, path, from, optionPath);
}

/** A path for a message; what is too long or has line breaks is probably no path, and may be a secret. */
function shown(path: string): string {
  return path.length > 300 || /[\r\n]/.test(path) ? "something that is no path" : path;
}
