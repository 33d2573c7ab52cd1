import { constants, type KeyObject, verify } from "node:crypto";
import { ApiError } from "./errors";
import { type StoredKey } from "./keys";

/** What an assertion is judged against. */
export interface AssertionRules {
  /** The audiences accepted. */
  readonly audiences: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How far in the future `iat` and `nbf` may be, in milliseconds. */
  readonly toleranceMs: number;
  /** The key of this id, if it exists. */
  readonly findKey: (kid: string) => StoredKey | undefined;
  /** Whether the service account exists. */
  readonly accountExists: (id: string) => boolean;
}

/** Longest life of an assertion: `exp` may be this many seconds after `iat`. */
export const MAX_ASSERTION_SECONDS = 3600;

/** PS256 as IAM takes it: a salt as long as the SHA-256 hash. */
const SALT_LENGTH = 32;

interface Jwt {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/**
 * Verifies the assertion of a service account and returns the account's id; throws ApiError (code 16) otherwise.
 *
 * Only the text about a missing `kid` is the real service's own. All the others are unconfirmed: nobody has published
 * them, so they say plainly what is wrong, and no client may depend on their wording.
 */
export function verifyAssertion(assertion: string, rules: AssertionRules): string {
  const jwt = parse(assertion);
  const key = selectKey(jwt.header, rules);
  checkSignature(jwt, key.publicKey);
  if (jwt.claims["iss"] !== key.serviceAccountId) {
    throw refused("The key of the JWT does not belong to its issuer"); // unconfirmed
  }
  if (!rules.accountExists(key.serviceAccountId)) {
    throw refused("The service account of the JWT is not found"); // unconfirmed
  }
  checkAudience(jwt.claims, rules.audiences);
  checkTimes(jwt.claims, rules);
  return key.serviceAccountId;
}

function refused(message: string): ApiError {
  return new ApiError(16, message);
}

function parse(assertion: string): Jwt {
  const [header = "", claims = "", signature = "", ...more] = assertion.split(".");
  if (more.length > 0 || ![header, claims, signature].every((part) => /^[\w-]+$/.test(part))) {
    throw refused("The JWT is malformed"); // unconfirmed
  }
  return {
    header: parseObject(header),
    claims: parseObject(claims),
    signed: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

function parseObject(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, as for a part that is JSON of another kind.
  }
  throw refused("The JWT is malformed"); // unconfirmed
}

function selectKey(header: Record<string, unknown>, rules: AssertionRules): StoredKey {
  const { typ, alg, kid } = header;
  if (kid === undefined || kid === "") {
    throw refused("The required field 'kid' is missing from the JWT header");
  }
  if (typ !== "JWT") throw refused("The field 'typ' of the JWT header must be 'JWT'"); // unconfirmed
  if (alg !== "PS256") throw refused("The algorithm of the JWT must be PS256"); // unconfirmed
  const key = typeof kid === "string" ? rules.findKey(kid) : undefined;
  if (key === undefined) throw refused("The key of the JWT is not found"); // unconfirmed
  return key;
}

function checkSignature({ signed, signature }: Jwt, publicKey: KeyObject): void {
  const options = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_LENGTH };
  const valid = publicKey.asymmetricKeyType === "rsa" && verify("sha256", signed, options, signature);
  if (!valid) throw refused("The signature of the JWT is invalid"); // unconfirmed
}

/** Official clients send a string (Node, Python) or an array of one (Go, Java): both work with the real service. */
function checkAudience(claims: Record<string, unknown>, audiences: readonly string[]): void {
  const { aud } = claims;
  const given: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.some((audience) => given.includes(audience)))
    throw refused("The audience of the JWT is invalid"); // unconfirmed
}

function checkTimes(claims: Record<string, unknown>, { now, toleranceMs }: AssertionRules): void {
  const { iat, exp, nbf } = claims;
  if (typeof iat !== "number" || typeof exp !== "number") {
    throw refused("The JWT must have 'iat' and 'exp' as numbers"); // unconfirmed
  }
  if (exp - iat > MAX_ASSERTION_SECONDS) {
    throw refused("The JWT must expire no later than one hour after it was issued"); // unconfirmed
  }
  if (exp * 1000 <= now) throw refused("The JWT is expired"); // unconfirmed
  if (iat * 1000 > now + toleranceMs) throw refused("The JWT is issued in the future"); // unconfirmed
  if (nbf !== undefined && !(typeof nbf === "number" && nbf * 1000 <= now + toleranceMs)) {
    throw refused("The JWT is not valid yet"); // unconfirmed
  }
}
