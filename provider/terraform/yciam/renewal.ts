import { formatDuration } from "../../core/options/duration";
import { MAX_TOKEN_LIFE_MS } from "../../core/token/token";

/** How long before a token dies the warning comes, in milliseconds. Where less than twice this is left, it comes halfway. */
const LEAD_MS = 10 * 60_000;

/**
 * When to warn that a token will die. Undefined when its end is not known, or has come.
 *
 * @param expiresAt RFC 3339
 * @param now milliseconds since the epoch
 */
export function warnAt(expiresAt: string | undefined, now: number): Date | undefined {
  const end = Date.parse(expiresAt ?? "");
  // If more is left than a token can live, the clock here is slow, and the token dies earlier than it seems.
  const left = Math.min(end - now, MAX_TOKEN_LIFE_MS);
  return left > 0 ? new Date(now + left - Math.min(LEAD_MS, left / 2)) : undefined;
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
