import type { Call } from "./call";
import type { ServerClock } from "./clock";
import type { Context, StoreSlot, TokenStore } from "./context";
import { formatDuration } from "./duration";
import { ValidityError } from "./errors";
import { Flight } from "./flight";
import { option, say } from "./message";
import { isUnavailable, type TokenSource, type Unavailable } from "./resolver";
import { type CachedToken, parseEntry, serializeEntry } from "./stored-token";
import { MAX_TOKEN_LIFE_MS } from "./token";

/** How long a token must still live, and when it is renewed; milliseconds. */
export interface Policy {
  readonly minRemainingMs: number;
  readonly refreshAfterMs: number;
}

/** What a cached token source is made of. */
export interface CacheParts {
  readonly context: Context;
  readonly clock: ServerClock;
  readonly policy: Policy;
  /** Equal for equal credentials, endpoints and impersonation; holds no secret. */
  readonly key: string;
  /** Where entries outlive the process, if this source may be written there. */
  readonly store?: TokenStore;
}

/**
 * After a failed renewal the old token is served for this long before the next attempt, so that an outage does not
 * slow every call down; in milliseconds.
 */
const RENEWAL_PAUSE_MS = 15_000;

/** What is remembered of one credential in this process. */
class State {
  entry: CachedToken | undefined;
  nextRenewal = 0;
  readonly flight = new Flight<CachedToken | Unavailable>();

  /** Keeps the token that lives longer: a late answer never replaces a newer one. */
  keep(entry: CachedToken): void {
    if (this.entry === undefined || entry.obtainedAt >= this.entry.obtainedAt) this.entry = entry;
  }
}

/**
 * Wraps a source: served from memory (and the store) while younger than `refreshAfter`; older ones are renewed on
 * call; when that fails, the old one is served while it has `minRemainingValidity` left. One exchange at a time.
 * @throws ValidityError when no token lives long enough
 */
export function cached(source: TokenSource, parts: CacheParts): TokenSource {
  const state = parts.context.memory.recall("token", parts.key, () => new State());
  return {
    id: source.id,
    ...(source.material === undefined ? {} : { material: source.material }),
    token: async (call) => {
      const answer = await obtain(state, source, parts, call);
      return isUnavailable(answer) ? answer : answer.token;
    },
    forget: async (token) => {
      await source.forget?.(token);
      const isIt = (entry: CachedToken | undefined) => entry?.token.token.reveal() === token.reveal();
      if (isIt(state.entry)) state.entry = undefined;
      const slot = slotOf(source, parts);
      if (slot !== undefined && isIt(parseEntry(await slot.store.load(slot)))) await slot.store.remove(slot);
    },
  };
}

async function obtain(
  state: State,
  source: TokenSource,
  parts: CacheParts,
  call: Call,
): Promise<CachedToken | Unavailable> {
  call.signal.throwIfAborted();
  const { clock, policy } = parts;
  const known = state.entry;
  const pausing = clock.now() < state.nextRenewal;
  if (known !== undefined && lasts(known, parts) && (pausing || isYoung(known, parts))) return known;
  try {
    const answer = await state.flight.join(call, (shared) => renew(state, source, parts, shared));
    if (isUnavailable(answer)) return known !== undefined && lasts(known, parts) ? known : answer;
    assertLife(answer, policy, clock);
    return answer;
  } catch (error) {
    // Looked at again: the attempt may have found an older token in the store.
    const old = state.entry;
    if (old === undefined || call.signal.aborted) throw error;
    return serveOld(state, old, parts, error);
  }
}

function serveOld(state: State, known: CachedToken, parts: CacheParts, error: unknown): CachedToken {
  const remaining = remainingMs(known, parts.clock);
  const cause = error instanceof Error ? error.message : String(error);
  if (remaining === undefined || remaining <= 0) throw error;
  if (remaining < parts.policy.minRemainingMs) {
    throw new ValidityError(
      say`the token could not be renewed, and the old one lives only ${formatDuration(remaining)} more; ${option("minRemainingValidity")} asks for ${formatDuration(parts.policy.minRemainingMs)}. The renewal failed: ${cause}`,
    );
  }
  const now = parts.clock.now();
  if (now >= state.nextRenewal) {
    state.nextRenewal = now + RENEWAL_PAUSE_MS;
    parts.context.log.warn(
      `could not renew the IAM token; the old one is used, ${formatDuration(remaining)} are left of it: ${cause}`,
    );
  }
  return known;
}

async function renew(
  state: State,
  source: TokenSource,
  parts: CacheParts,
  call: Call,
): Promise<CachedToken | Unavailable> {
  const slot = slotOf(source, parts);
  if (slot === undefined) return mint(state, source, parts, call);
  const stored = await load(state, parts, slot);
  if (stored !== undefined) return stored;
  // Half the time for those who came first, and half to do it oneself when they do not come to an end.
  const wait = { signal: call.signal, waitMs: call.remaining() / 2 };
  return slot.store.exclusively(slot, wait, async () => {
    // Another process may have renewed it while this one waited for its turn.
    const renewed = await load(state, parts, slot);
    if (renewed !== undefined) return renewed;
    const minted = await mint(state, source, parts, call);
    if (!isUnavailable(minted)) await slot.store.save(slot, serializeEntry(minted, parts.clock.offsetMs));
    return minted;
  });
}

type Slot = StoreSlot & { readonly store: TokenStore };

function slotOf(source: TokenSource, parts: CacheParts): Slot | undefined {
  if (parts.store === undefined || source.material === undefined) return undefined;
  return { store: parts.store, identity: parts.key, material: source.material };
}

async function load(state: State, parts: CacheParts, slot: Slot): Promise<CachedToken | undefined> {
  const entry = parseEntry(await slot.store.load(slot));
  if (entry === undefined) return undefined;
  parts.clock.presume(entry.offsetMs);
  if (!lasts(entry, parts)) return undefined;
  state.keep(entry);
  return isYoung(entry, parts) ? entry : undefined;
}

async function mint(
  state: State,
  source: TokenSource,
  parts: CacheParts,
  call: Call,
): Promise<CachedToken | Unavailable> {
  const token = await source.token(call);
  if (isUnavailable(token)) return token;
  const entry = { token, obtainedAt: parts.clock.now() };
  state.keep(entry);
  state.nextRenewal = 0;
  parts.context.log.debug("got a new IAM token", { credential: source.id });
  return entry;
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

function remainingMs(entry: CachedToken, clock: ServerClock): number | undefined {
  return entry.token.expiresAt === undefined ? undefined : entry.token.expiresAt - clock.now();
}

function lasts(entry: CachedToken, parts: CacheParts): boolean {
  const remaining = remainingMs(entry, parts.clock) ?? Infinity;
  // More than a token can live means that the clock was set back: nothing is known then.
  const plausible = remaining === Infinity || remaining <= MAX_TOKEN_LIFE_MS + 60_000;
  return plausible && remaining >= parts.policy.minRemainingMs;
}

function isYoung(entry: CachedToken, parts: CacheParts): boolean {
  const age = parts.clock.now() - entry.obtainedAt;
  return age > -60_000 && age < parts.policy.refreshAfterMs;
}
