import { tryParseObject } from "../words/json";
import { Secret } from "../words/secret";
import type { HeldToken } from "./judgement";

/** A stored token, and how far the server was ahead of the host that stored it, in milliseconds. */
export interface StoredToken extends HeldToken {
  readonly offsetMs: number;
}

/** The text kept in a token store. It holds the token in clear: the store encrypts it. */
export function writeEntry({ token: { token, ...rest }, askedAt, offsetMs }: StoredToken): string {
  return JSON.stringify({ ...rest, token: token.reveal(), askedAt, offsetMs });
}

/** Reads a stored entry; anything unexpected is a miss. */
export function readEntry(text: string): StoredToken | undefined {
  const { token, expiresAt, issuedAt, subjectId, askedAt, offsetMs } = tryParseObject(text) ?? {};
  if (typeof token !== "string" || token === "" || !isTime(expiresAt) || !isTime(askedAt)) return undefined;
  return {
    askedAt,
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
