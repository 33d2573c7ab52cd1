import type { App } from "../app";
import type { Context } from "../core/context";
import { OptionError } from "../core/errors";
import { Secret } from "../core/secret";
import { readNamedFile } from "./input";
import { EXIT, type Io } from "./io";

/** The flag that names a file with the token. */
export const TOKEN_FILE = "--iam-token-file";
const VARIABLE = "YC_IAM_TOKEN";

/**
 * Makes a token useless for everyone who holds it, and prints whose it was, if IAM says.
 * @throws OptionError when there is no token
 */
export async function revokeCommand(
  app: App,
  file: string | undefined,
  context: Context,
  io: Io,
): Promise<number> {
  const token = (await readToken(file, context, io)).trim();
  if (token === "" || /\s/.test(token)) {
    throw new OptionError(
      `there is no token to revoke: give it on standard input or with ${TOKEN_FILE}; ${VARIABLE} counts where nothing is piped in.`,
      "iamTokenFile",
    );
  }
  const subjectId = await app.revoke(new Secret(token), io.signal);
  io.stderr.write("yciam: the token is revoked.\n");
  if (subjectId !== undefined) io.stdout.write(`${subjectId}\n`);
  return EXIT.ok;
}

/** An empty pipe is a mistake, and no reason to revoke another token: the variable counts only without a pipe. */
async function readToken(file: string | undefined, { files, env }: Context, io: Io): Promise<string> {
  if (file !== undefined && file !== "-") return readNamedFile(files, file, TOKEN_FILE);
  const variable = env[VARIABLE]?.trim() ?? "";
  return file === undefined && !io.isFed() && variable !== "" ? variable : io.stdin();
}
