import { tryParseObject } from "../words/json";
import { Secret } from "../words/secret";
import type { IamToken } from "./token";

/** A token and when we got it, in milliseconds by the server's clock. */
export interface CachedToken {
  readonly token: IamToken;
  readonly obtainedAt: number;
}

/** The text kept in a token store. It holds the token in clear: the store encrypts it. */
export function serializeEntry(entry: CachedToken, offsetMs: number): string {
  const { token, expiresAt, issuedAt, subjectId } = entry.token;
  return JSON.stringify({
    token: token.reveal(),
    expiresAt,
    issuedAt,
    subjectId,
    obtainedAt: entry.obtainedAt,
    offsetMs,
  });
}

/** A stored token, and how far the server was ahead of the host that stored it, in milliseconds. */
export interface StoredToken extends CachedToken {
  readonly offsetMs: number;
}

/** Reads a stored entry; anything unexpected is a miss. */
export function parseEntry(text: string | undefined): StoredToken | undefined {
  const raw = tryParseObject(text ?? "");
  if (raw === undefined) return undefined;
  const { token, expiresAt, issuedAt, subjectId, obtainedAt, offsetMs } = raw;
  if (typeof token !== "string" || token === "" || !isTime(expiresAt) || !isTime(obtainedAt))
    return undefined;
  return {
    obtainedAt,
    offsetMs: typeof offsetMs === "number" && Number.isFinite(offsetMs) ? offsetMs : 0,
    token: {
      token: new Secret(token),
      expiresAt,
      ...(isTime(issuedAt) ? { issuedAt } : {}),
      ...(typeof subjectId === "string" ? { subjectId } : {}),
    },
  };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
