import { randomBytes } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A new resource id of the cloud's own form: 3 letters of prefix, 17 letters and digits. */
export function newId(prefix = "aje"): string {
  return prefix + Array.from(randomBytes(17), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** RFC 3339 in UTC with nine fractional digits, as the API writes; `nanos` (0 to 999999) follow the milliseconds. */
export function nanoTimestamp(ms: number, nanos = 0): string {
  return new Date(ms).toISOString().replace("Z", `${String(nanos).padStart(6, "0")}Z`);
}
