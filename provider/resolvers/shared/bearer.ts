import { CredentialError } from "../../core/words/errors";
import { say, type Text } from "../../core/words/message";
import { Secret } from "../../core/words/secret";
import { canBeToken, MAX_TOKEN_LENGTH } from "../../core/token/token";

/**
 * A token that can stand in a header: white space around it is dropped, since files and `echo` leave it there.
 * @throws CredentialError for an empty one, or one with white space or control characters inside
 */
export function readBearer(raw: Secret, from: Text, path: string): Secret {
  const fail = (problem: string): never => {
    throw new CredentialError(say`the token of ${from} ${problem}`, path);
  };
  const token = raw.reveal().trim();
  if (canBeToken(token)) return new Secret(token);
  if (token === "") return fail("is empty.");
  if (/[^\x21-\x7e]/.test(token))
    return fail(
      "has a line break, a space or another character that no token has. Was more than the token copied?",
    );
  return fail(`is longer than ${MAX_TOKEN_LENGTH} characters. Is it a token at all?`);
}
