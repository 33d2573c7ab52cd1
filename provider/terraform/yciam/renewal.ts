import { formatDuration } from "../../core/duration";
import { MAX_TOKEN_LIFE_MS } from "../../core/token";

/** A warning comes this long before a token dies, or at the middle of a shorter life. Milliseconds. */
const LEAD_MS = 10 * 60_000;
const TOLERANCE_MS = 60_000;

/**
 * When to warn that a token will die. Undefined where its end is not known, or where this machine's clock is so wrong
 * that nothing can be said of it.
 *
 * @param expiresAt RFC 3339
 * @param now milliseconds since the epoch
 */
export function warnAt(expiresAt: string | undefined, now: number): Date | undefined {
  const end = Date.parse(expiresAt ?? "");
  const left = end - now;
  if (!(left > 0 && left <= MAX_TOKEN_LIFE_MS + TOLERANCE_MS)) return undefined;
  return new Date(end - Math.min(LEAD_MS, left / 2));
}

/** What to tell of a token that dies at `expiresAt`, and when to tell again. */
export function warning(
  expiresAt: string,
  now: number,
): { readonly summary: string; readonly detail: string; readonly next?: Date } {
  const left = Date.parse(expiresAt) - now;
  const lost =
    "Terraform cannot hand another one to what uses it already, so whatever still works with it is refused";
  if (left <= 0)
    return { summary: "IAM Token Has Died", detail: `It died at ${expiresAt}. ${lost}. Run this again.` };
  return {
    summary: "IAM Token Will Die Soon",
    detail: `It dies at ${expiresAt}, in ${formatDuration(left)}. ${lost} then. Run again what is refused, or make shorter runs.`,
    next: new Date(expiresAt),
  };
}
