import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Claims, KeySet } from "./jwt";

/** A key that signs tokens, and what others verify them with. */
export interface SigningKey {
  readonly jwks: KeySet;
  readonly sign: (claims: Claims) => Promise<string>;
}

/** Makes a real key pair for this algorithm of JWS. */
export async function makeSigningKey(alg: "RS256" | "ES256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const kid = randomBytes(8).toString("hex");
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: "sig" }] },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey),
  };
}
