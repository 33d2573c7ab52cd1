import { tryParseObject } from "../core/words/json";

/**
 * What is remembered of a client that was handed a token. A client of Kubernetes runs its plugin again for two reasons: the
 * time that it was told has come, or its token was refused. It does not say which.
 */
export interface Handed {
  /** Of the token. */
  readonly fingerprint: string;
  /** When the client was to ask again; milliseconds since the epoch, as all times here, by the host's clock. */
  readonly until: number;
  /** When its tokens were replaced as refused, the last ones. */
  readonly replacedAt: readonly number[];
}

/**
 * So many tokens are replaced in ten minutes, in milliseconds. A server that refuses all of them would else have one made
 * for each request, and so would a client that remembers no token from one request to the next.
 */
const REPLACED_AT_MOST = 3;
const WINDOW_MS = 600_000;

/** Reads what was remembered; anything else is nothing. */
export function readHanded(text: string | undefined): Handed | undefined {
  const { fingerprint, until, replacedAt } = tryParseObject(text ?? "") ?? {};
  const isTime = (value: unknown): value is number => Number.isFinite(value);
  if (typeof fingerprint !== "string" || !isTime(until) || !Array.isArray(replacedAt)) return undefined;
  return { fingerprint, until, replacedAt: replacedAt.filter(isTime) };
}

/** Whether the client was refused with this token: it asks before the time that it was told. */
export function isRefused(handed: Handed | undefined, fingerprint: string, now: number): handed is Handed {
  return handed !== undefined && handed.fingerprint === fingerprint && now < handed.until;
}

/** When tokens were replaced within the last ten minutes; a clock that was set back forgets the rest. */
export function replacedOf(handed: Handed | undefined, now: number): readonly number[] {
  return (handed?.replacedAt ?? []).filter((at) => at <= now && now - at < WINDOW_MS);
}

/** Whether one more may be replaced. */
export function mayReplace(replaced: readonly number[]): boolean {
  return replaced.length < REPLACED_AT_MOST;
}
