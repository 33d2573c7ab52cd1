import { MAX_TOKEN_LIFE_MS } from "./token";

// RFC 3339 with a zone; IAM writes up to nine digits of fraction.
const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/**
 * Milliseconds since the epoch of an RFC 3339 time (up to nanoseconds; a zone is required), or undefined.
 */
export function parseTime(text: unknown): number | undefined {
  const [, seconds, fraction = "", zone] = typeof text === "string" ? (RFC3339.exec(text) ?? []) : [];
  if (seconds === undefined || zone === undefined) return undefined;
  const time = Date.parse(`${seconds}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * When a token dies by the `expiresAt` of a reply, or what is wrong with that. A time beyond the 12 hours that Yandex
 * Cloud grants is cut to them, so that a mistaken service cannot make a dead token look alive.
 * @param now the server's time, in milliseconds
 */
export function readExpiresAt(text: unknown, now: number): number | string {
  if (text === undefined || text === null) return "has no expiresAt";
  const time = parseTime(text);
  if (time === undefined) return "has an expiresAt that is not an RFC 3339 time with a zone";
  if (time <= now) return "has an expiresAt that is in the past";
  return Math.min(time, now + MAX_TOKEN_LIFE_MS);
}

/**
 * When a token dies by the `expires_in` of a reply (RFC 6749: seconds), or what is wrong with that. It is cut to 12
 * hours too.
 * @param saidAt when the reply was made by the server's clock, in milliseconds
 */
export function readExpiresIn(seconds: unknown, saidAt: number): number | string {
  if (seconds === undefined || seconds === null) return "has no expires_in";
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds <= 0)
    return "has an expires_in that is not a number of seconds above zero";
  return saidAt + Math.min(seconds * 1000, MAX_TOKEN_LIFE_MS);
}
