import type { ServerClock } from "./clock";
import { formatDuration } from "../options/duration";
import { ValidityError } from "../words/errors";
import { option, say } from "../words/message";
import type { CachedToken } from "./stored-token";
import { MAX_TOKEN_LIFE_MS } from "./token";

/** How long a token must still live, and when it is renewed; milliseconds. */
export interface Policy {
  readonly minRemainingMs: number;
  readonly refreshAfterMs: number;
}

/** Judges tokens by one caller's policy and the server's clock. */
export interface Judge {
  readonly policy: Policy;
  readonly clock: ServerClock;
}

/** Times this far apart may still be the same one, measured twice. Milliseconds. */
const TOLERANCE_MS = 60_000;

/** Milliseconds left; undefined where nobody said when it dies. */
export function remainingMs({ token }: CachedToken, clock: ServerClock): number | undefined {
  return token.expiresAt === undefined ? undefined : token.expiresAt - clock.now();
}

/** Whether it may be handed out: it lives as long as the policy asks, or nothing is promised of it. */
export function lasts(entry: CachedToken, { policy, clock }: Judge): boolean {
  const remaining = remainingMs(entry, clock);
  return remaining === undefined || (remaining >= policy.minRemainingMs && isPlausible(entry, clock));
}

/** Whether it has no more left than a token can live; else the clock was set back, and nothing is known of it. */
export function isPlausible(entry: CachedToken, clock: ServerClock): boolean {
  return (remainingMs(entry, clock) ?? 0) <= MAX_TOKEN_LIFE_MS + TOLERANCE_MS;
}

/** Whether it needs no renewal yet. */
export function isYoung(entry: CachedToken, { policy, clock }: Judge): boolean {
  const age = clock.now() - entry.obtainedAt;
  return age > -TOLERANCE_MS && age < policy.refreshAfterMs;
}

/** Whether the first is known to live longer than the second, by more than two measurements can differ. */
export function outlives({ token: one }: CachedToken, { token: other }: CachedToken): boolean {
  if (one.expiresAt === undefined || other.expiresAt === undefined) return false;
  return one.expiresAt > other.expiresAt + TOLERANCE_MS;
}

/**
 * Fails for a token that lives shorter than the policy asks; a token of unknown life passes, nothing is promised of it.
 * @throws ValidityError
 */
export function assertLife(entry: CachedToken, policy: Policy, clock: ServerClock): void {
  const remaining = remainingMs(entry, clock);
  if (remaining === undefined || remaining >= policy.minRemainingMs) return;
  throw new ValidityError(
    say`the newest token that can be had lives only ${formatDuration(remaining)} more; ${option("minRemainingValidity")} asks for ${formatDuration(policy.minRemainingMs)}. A token lives at most 12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.`,
  );
}
