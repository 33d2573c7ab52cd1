import type { ServiceAccountKey } from "./service-account-key";
import { Secret } from "./secret";

const ASSERTION_LIFE_S = 3600;
/** IAM takes assertions that live at most one hour (iam-facts 2.3); in milliseconds. */
export const ASSERTION_LIFE_MS = ASSERTION_LIFE_S * 1000;

/**
 * Signs the assertion (RFC 7523) that proves possession of a service account's authorised key: PS256, salt of
 * 32 bytes, `kid` in the header. It lives one hour; the IAM token bought with it has a life of its own.
 * @param nowMs the server's time: an assertion from the future is refused
 */
export async function signAssertion(
  key: ServiceAccountKey,
  audience: string,
  nowMs: number,
): Promise<Secret> {
  // Loading it takes tens of milliseconds of every start: only who signs waits for it.
  const { SignJWT } = await import("jose");
  // Whole seconds, rounded down: a fraction in the future has no reason to be accepted.
  const issuedAt = Math.floor(nowMs / 1000);
  const jwt = await new SignJWT()
    .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: key.id })
    .setIssuer(key.subjectId)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_S)
    .sign(key.privateKey);
  return new Secret(jwt);
}
