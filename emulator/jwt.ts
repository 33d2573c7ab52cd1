/** Public keys, as an issuer publishes them (RFC 7517). */
export interface KeySet {
  readonly keys: Record<string, unknown>[];
}

/** What an OIDC token says (RFC 7519). */
export interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | string[];
  /** Seconds since the epoch. */
  readonly exp?: number;
  /** Seconds since the epoch. */
  readonly nbf?: number;
  /** Seconds since the epoch. */
  readonly iat?: number;
  readonly jti?: string;
  readonly [claim: string]: unknown;
}
