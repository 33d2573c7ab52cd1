import { readFile } from "node:fs/promises";
import type { App } from "../app";
import { OptionError } from "../core/errors";
import { Secret } from "../core/secret";
import { EXIT, type Io } from "./io";

/**
 * Makes a token useless for everyone who holds it, and prints the id of whose it was, if IAM says. The token comes from a file or from standard input, and not from
 * the command line, which other users can see.
 * @throws OptionError when there is none
 */
export async function revokeCommand(app: App, tokenFile: string | undefined, io: Io): Promise<number> {
  const text = tokenFile === undefined || tokenFile === "-" ? await io.stdin() : await readToken(tokenFile);
  const token = text.trim();
  if (token === "" || /\s/.test(token)) {
    throw new OptionError(
      "there is no token to revoke: give it on standard input, or with --token-file.",
      "tokenFile",
    );
  }
  const subjectId = await app.revoke(new Secret(token), io.signal);
  io.stderr.write("yciam: the token is revoked.\n");
  if (subjectId !== undefined) io.stdout.write(`${subjectId}\n`);
  return EXIT.ok;
}

async function readToken(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError(
      `--token-file names ${path}, which cannot be read (${code ?? "unknown error"}).`,
      "tokenFile",
    );
  }
}
