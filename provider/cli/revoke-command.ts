import type { Command } from "commander";
import type { App } from "../app";
import type { Files } from "../core/context";
import { CredentialError, OptionError } from "../core/words/errors";
import { say } from "../core/words/message";
import { Secret, shownPath } from "../core/words/secret";
import { canBeToken } from "../core/token/token";
import { CODES, type Parts, runOnApp } from "./command";
import { EXIT, type Io } from "./io";

/** The command `revoke`. */
export function define(command: Command, parts: Parts): void {
  command
    .option("--token-file <path>", "file with the token; by default it is read from standard input")
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, ({ app, values, io, context: { files } }) =>
    revoke(app, values.tokenFile as string | undefined, { io, files }),
  );
}

const EXAMPLES = `
Prints the id of the account that the token was for, when Yandex Cloud tells it. A token that is dead already is
forgotten by the cache too; the exit code is then 1.

Example:
  yciam revoke < token.txt

${CODES}`;

/**
 * Makes a token useless for everyone who holds it, and prints the id of the account that it was for, when IAM tells it.
 * The token comes from a file or from standard input, and not from the command line, which other users can see.
 * @throws OptionError when there is none; CredentialError for one that is dead already
 */
async function revoke(
  app: App,
  tokenFile: string | undefined,
  { io, files }: { readonly io: Io; readonly files: Files },
): Promise<number> {
  const isStdin = tokenFile === undefined || tokenFile === "-";
  const text = isStdin ? await io.stdin() : await readToken(tokenFile, files, io.signal);
  const token = text.trim();
  if (!canBeToken(token)) {
    throw new OptionError(
      "there is no token to revoke: give it, and nothing else, on standard input or with --token-file.",
      "tokenFile",
    );
  }
  const subjectId = await app.revoke(new Secret(token), io.signal).catch((error: unknown) => {
    throw isOfDeadToken(error)
      ? new CredentialError(say`${error.text} ${DEAD}`, undefined, error.reply)
      : error;
  });
  io.stderr.write("yciam: the token is revoked.\n");
  if (subjectId !== undefined) io.stdout.write(`${subjectId}\n`);
  return EXIT.ok;
}

const DEAD =
  "The token is dead already: it was revoked before, has expired, or is not one of this installation. Nothing is left to revoke, and the cache has forgotten it.";

function isOfDeadToken(error: unknown): error is CredentialError {
  return error instanceof CredentialError && error.reply.status === 401;
}

async function readToken(path: string, files: Files, signal: AbortSignal): Promise<string> {
  try {
    return await files.read(path, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError(
      `--token-file names ${shownPath(path)}, which cannot be read (${code ?? "unknown error"}). Give a file that can be, or the token on standard input.`,
      "tokenFile",
    );
  }
}
