import type * as JoseModule from "jose/jwt/sign";
import type { ServiceAccountKey } from "./keys";
import { Secret } from "../words/secret";

/** IAM takes assertions that live at most one hour (iam-facts 2.3). */
const ASSERTION_LIFE_S = 3600;
/**
 * An assertion says that it was made so long ago. IAM may refuse one from the future, and `core/clock` takes a host
 * that is a few seconds fast for right.
 */
const BACKDATED_S = 15;
/** For so long after it was signed an assertion can be used; in milliseconds. */
export const ASSERTION_LIFE_MS = (ASSERTION_LIFE_S - BACKDATED_S) * 1000;

/** What signing takes: loading it costs some milliseconds of a start, which only who signs shall wait for. */
export function loadSigner(): typeof JoseModule {
  // Node loads its part of it at the first look.
  void globalThis.crypto.subtle;
  // `import()` would answer in a later turn only, when callers wait already.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("jose/jwt/sign") as typeof JoseModule;
}

/**
 * Signs the assertion (RFC 7523) that proves possession of a service account's authorised key: PS256, salt of
 * 32 bytes, `kid` in the header. It lives almost an hour; the IAM token bought with it has a life of its own.
 * @param nowMs the server's time, as well as it is known
 */
export async function signAssertion(
  key: ServiceAccountKey,
  audience: string,
  nowMs: number,
): Promise<Secret> {
  const { SignJWT } = loadSigner();
  const issuedAt = Math.floor(nowMs / 1000) - BACKDATED_S;
  const jwt = await new SignJWT()
    .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: key.id })
    .setIssuer(key.subjectId)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_S)
    .sign(key.privateKey);
  return new Secret(jwt);
}
