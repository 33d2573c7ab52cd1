import type { Secret } from "../words/secret";
import { Flight } from "./flight";
import type { OutputSpecs } from "./result";

/** What is told of an ephemeral access key: one row for each field, in the order in which hosts show them. */
export const ACCESS_KEY = {
  accessKeyId: { doc: "Id of the key; AWS's clients call it the access key." },
  secretAccessKey: { secret: true, doc: "The key's secret, with which requests are signed." },
  sessionToken: { secret: true, doc: "Goes with each request beside the signature." },
  expiresAt: { doc: "When the key dies: RFC 3339, UTC." },
} as const satisfies OutputSpecs;

/** An ephemeral access key of Object Storage: a field for each row of {@link ACCESS_KEY}. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret;
  /** RFC 3339, UTC; by the server's clock. */
  readonly expiresAt: string;
}

/** A key, and its life in milliseconds since the epoch by the server's clock. */
export interface HeldKey {
  readonly key: AccessKey;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What a process remembers of the keys that were asked for with one token and in the same words. */
export class KeyHolder {
  held: HeldKey | undefined;
  readonly flight = new Flight<HeldKey>();
}

/** A key with less than this left is not handed out: its user has to come to use it. Milliseconds. */
const LEAST_MS = 60_000;

/**
 * *fresh*: hand it out. *usable*: more than half of its life is over, so renew it, and hand it out if that fails. *dead*:
 * never hand it out.
 * @param now in milliseconds by the server's clock
 */
export function judgeKey({ issuedAt, expiresAt }: HeldKey, now: number): "fresh" | "usable" | "dead" {
  if (expiresAt - now < LEAST_MS) return "dead";
  return now - issuedAt < (expiresAt - issuedAt) / 2 ? "fresh" : "usable";
}
