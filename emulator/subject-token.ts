import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import { type Federation, type Federations } from "./federations";
import { OauthError } from "./oauth-error";

/** What a subject token is judged against. */
export interface SubjectTokenRules {
  readonly federations: Federations;
  /** The account that the caller asks for. */
  readonly serviceAccountId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

/**
 * Verifies an external OIDC token: issuer, signature against the federation's keys, times, audience, and that its
 * subject is bound to the account. Throws OauthError; the texts are unconfirmed, since the real ones are not known.
 */
export async function verifySubjectToken(token: string, rules: SubjectTokenRules): Promise<void> {
  const { iss } = decode(token);
  let failure = new OauthError(
    "invalid_request",
    `The issuer of the subject token is not trusted: ${String(iss)}`,
  );
  for (const federation of rules.federations.ofIssuer(iss)) {
    const refusal = await judge(token, federation, rules);
    if (refusal === undefined) return;
    failure = refusal;
  }
  throw failure;
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new OauthError("invalid_request", "The subject token is not a JWT");
  }
}

/** The reason why this federation does not take the token, or undefined when it does. */
async function judge(
  token: string,
  federation: Federation,
  { federations, serviceAccountId, now }: SubjectTokenRules,
): Promise<OauthError | undefined> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(federation.jwks), {
      issuer: federation.issuer,
      audience: [...federation.audiences],
      algorithms: ALGORITHMS,
      currentDate: new Date(now),
      requiredClaims: ["exp", "sub"],
    });
    const subject = payload.sub ?? "";
    if (federations.isBound({ federationId: federation.id, subject, serviceAccountId })) return undefined;
    return new OauthError("invalid_request", `The subject is not bound to the service account: ${subject}`);
  } catch (error) {
    return new OauthError("invalid_request", describe(error));
  }
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "The subject token is expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The claim of the subject token is wrong: ${error.claim}`;
  return "The signature of the subject token is invalid";
}
