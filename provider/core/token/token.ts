import { hash } from "node:crypto";
import type { Secret } from "../words/secret";

/** The longest that Yandex Cloud lets a token live: 12 hours, in milliseconds. */
export const MAX_TOKEN_LIFE_MS = 12 * 3_600_000;

/** A token as a resolver got it. Times are milliseconds since the epoch, by the server's clock. */
export interface IamToken {
  readonly token: Secret;
  /** When it dies; absent where nobody said, and then no life is promised. */
  readonly expiresAt?: number;
  /** When we got it; absent for a token that was handed in ready. */
  readonly issuedAt?: number;
  /** Whose token it is, when known: an id of a service account or a user. */
  readonly subjectId?: string;
}

/** First 12 hex digits of the token's SHA-256: compares two places without showing a token. */
export function fingerprint(token: Secret): string {
  return digest(token.reveal()).slice(0, 12);
}

/** SHA-256 in hex, to name a credential in a cache without holding it. */
export function digest(text: string): string {
  return hash("sha256", text);
}

/** Yandex Cloud takes tokens of up to so many characters (iam-facts 1.2). */
export const MAX_TOKEN_LENGTH = 4096;

/** Whether the text can be a token, which goes into a header. */
export function canBeToken(text: string): boolean {
  return text.length <= MAX_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(text);
}

const OAUTH_SHAPE = /^(?:y[0-3]_[-_A-Za-z0-9]{20,}|AQAA[-_A-Za-z0-9]{20,}|Ag[-_A-Za-z0-9]{30,})$/;
const IAM_SHAPE = /^t\d\.[-_=A-Za-z0-9]+\.[-_=A-Za-z0-9]+$/;

/** Whether the text looks like a Yandex account's OAuth token (iam-facts: `y0_...`, older `AQAA...`, `Ag...`). */
export function looksLikeOauthToken(text: string): boolean {
  return OAUTH_SHAPE.test(text);
}

/** Whether the text looks like an IAM token of today: `t1.<...>.<...>`. */
export function looksLikeIamToken(text: string): boolean {
  return IAM_SHAPE.test(text);
}
