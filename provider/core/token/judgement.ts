import { type IamToken, MAX_TOKEN_LIFE_MS } from "./token";

/** How long a token must still live when it is handed out, and after what age it is renewed. Milliseconds. */
export interface Policy {
  readonly minRemainingMs: number;
  readonly refreshAfterMs: number;
}

/** A token, and when the service was last asked for one, in milliseconds by the server's clock. */
export interface HeldToken {
  readonly token: IamToken;
  readonly askedAt: number;
}

/**
 * *fresh*: hand it out. *usable*: renew it, and hand it out if that fails. *dead*: never hand it out; it lives too
 * short, or nobody knows.
 */
export type Judgement = "fresh" | "usable" | "dead";

/** Two measurements of one moment may differ by this much. Milliseconds. */
const TOLERANCE_MS = 60_000;

/** Judges a token by one caller's policy at the time `now`, in milliseconds by the server's clock. */
export function judge({ token, askedAt }: HeldToken, policy: Policy, now: number): Judgement {
  const age = now - askedAt;
  const isYoung = age > -TOLERANCE_MS && age < policy.refreshAfterMs;
  if (token.expiresAt === undefined) return isYoung ? "fresh" : "dead";
  const left = token.expiresAt - now;
  // More than a token can live is left of it where a clock was set back: then nothing is known of it.
  if (left <= 0 || left < policy.minRemainingMs || left > MAX_TOKEN_LIFE_MS + TOLERANCE_MS) return "dead";
  return isYoung ? "fresh" : "usable";
}

/**
 * The one to keep of two tokens for one credential. A late answer replaces no newer one, nor does a token that dies
 * sooner; the service counts as asked all the same, or it would be asked at every call.
 */
export function better(old: HeldToken, next: HeldToken, now: number): HeldToken {
  if ((old.token.expiresAt ?? 0) > now + MAX_TOKEN_LIFE_MS + TOLERANCE_MS) return next;
  // An old one that came while the clock was ahead is not the newer one for that.
  if (next.askedAt < Math.min(old.askedAt, now)) return old;
  const [before, after] = [old.token.expiresAt, next.token.expiresAt];
  const outlives = before !== undefined && after !== undefined && before > after + TOLERANCE_MS;
  return outlives ? { ...old, askedAt: next.askedAt } : next;
}
