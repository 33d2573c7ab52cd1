import type { Call } from "../../core/token/call";
import { CredentialError } from "../../core/words/errors";
import { tryParseObject } from "../../core/words/json";
import { say, type Text } from "../../core/words/message";
import { Secret } from "../../core/words/secret";

/** External OIDC tokens are longer than IAM's own: some issuers put all of a user's groups in. In characters. */
const MAX_LENGTH = 16_384;
const JWT_SHAPE = /^[-\w]+\.([-\w]+)\.[-\w]+$/;

/** Where the subject token of an exchange comes from; read again at each one, since most of them are rotated. */
export interface SubjectTokens {
  /** Names the place; holds no secret. */
  readonly id: string;
  read(call: Call): Promise<Secret>;
  /** The same without asking any service, where that is possible: for an explanation. */
  check(): Promise<void>;
}

/**
 * A subject token as it can be sent: a JWT, white space around it dropped.
 * @throws CredentialError that names where it came from
 */
export function readSubjectToken(raw: Secret, from: Text, path: string): Secret {
  const token = raw.reveal().trim();
  const fail = (problem: string): never => {
    throw new CredentialError(say`${from} ${problem}`, path);
  };
  if (token === "") return fail("holds no OIDC token: it is empty.");
  if (token.length > MAX_LENGTH)
    return fail(`is longer than ${MAX_LENGTH} characters, so it is no OIDC token.`);
  if (!JWT_SHAPE.test(token))
    return fail("holds no OIDC token: that is a JWT, three parts with dots between them.");
  return new Secret(token);
}

/**
 * What a subject token says of itself, for the one who must compare it with the federation: issuer, subject and
 * audience are no secrets. Empty for what cannot be read.
 * @param now the server's time, in milliseconds
 */
export function describeSubjectToken(token: Secret, now: number): string {
  const claims = readClaims(token);
  if (claims === undefined) return "";
  const { iss, sub, aud, exp } = claims;
  const said = Object.entries({ issuer: iss, subject: sub, audience: aud }).flatMap(([name, value]) => {
    const texts = [value].flat().filter((item) => typeof item === "string");
    return texts.length === 0 ? [] : [`${name} ${texts.map(printable).join(", ")}`];
  });
  const dead = typeof exp === "number" && exp * 1000 <= now ? ["it has expired"] : [];
  return [...said, ...dead].join(", ");
}

function readClaims(token: Secret): Readonly<Record<string, unknown>> | undefined {
  const payload = JWT_SHAPE.exec(token.reveal())?.[1] ?? "";
  return tryParseObject(Buffer.from(payload, "base64url").toString("utf8"));
}

function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, 200);
}
