import type * as pulumi from "@pulumi/pulumi";

/** What the data source answers. The two secrets are secret Outputs in every form; the rest can be shown. */
export interface GetIamTokenResult {
  /** The IAM token. */
  readonly token: pulumi.Output<string>;
  /** `Bearer ` and the token. */
  readonly authorizationHeader: pulumi.Output<string>;
  /** RFC 3339, UTC; absent where the token's life is not known. */
  readonly expiresAt?: string;
  /** RFC 3339, UTC; absent for a token that was handed in ready. */
  readonly issuedAt?: string;
  /** When a later call would renew the token; RFC 3339, UTC. */
  readonly refreshAt?: string;
  /** Name of the resolver that answered. */
  readonly resolver: string;
  /** Whose token it is, when known. */
  readonly subjectId?: string;
  /** First 12 hex digits of the token's SHA-256: compares two places without showing a token. */
  readonly fingerprint: string;
}
