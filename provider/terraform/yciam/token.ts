import { type TokenResult } from "../../app";
import { type ObjectValue } from "../cty/value";
import { attribute, type Attribute } from "../schema";

const output = (name: string, description: string, sensitive = false): Attribute =>
  attribute({ name, type: "string", computed: true, description, sensitive });

/** What is told of a token, but for the token itself. Nothing of it is secret. */
export const INFO_ATTRIBUTES: readonly Attribute[] = [
  output("expires_at", "When the token dies: RFC 3339, UTC. Null where its life is not known."),
  output("issued_at", "When it was got: RFC 3339, UTC. Null for a token that was handed in ready."),
  output("refresh_at", "When a later run would renew it: RFC 3339, UTC."),
  output("resolver", "Name of the resolver that answered, such as `serviceAccountKey`."),
  output("subject_id", "Whose token it is: the id of a service account or a user, when known."),
  output(
    "fingerprint",
    "First 12 hex digits of the token's SHA-256: compares two places without showing a token.",
  ),
];

/** A token, and what is told of it. */
export const TOKEN_ATTRIBUTES: readonly Attribute[] = [
  output("token", "The IAM token.", true),
  output("authorization_header", "`Bearer ` and the token.", true),
  ...INFO_ATTRIBUTES,
];

/** The values of {@link INFO_ATTRIBUTES}. */
export function infoValues(result: TokenResult): ObjectValue {
  return {
    expires_at: result.expiresAt ?? null,
    issued_at: result.issuedAt ?? null,
    refresh_at: result.refreshAt ?? null,
    resolver: result.resolver,
    subject_id: result.subjectId ?? null,
    fingerprint: result.fingerprint,
  };
}

/** The values of {@link TOKEN_ATTRIBUTES}: from here on the host keeps the secrets. */
export function tokenValues(result: TokenResult): ObjectValue {
  return {
    token: result.token.reveal(),
    authorization_header: result.authorizationHeader.reveal(),
    ...infoValues(result),
  };
}
