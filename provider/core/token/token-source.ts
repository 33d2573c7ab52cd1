import { type Call, shortened } from "./call";
import type { Context, StoreSlot, TokenStore } from "../context";
import { describeDefect } from "../words/defect";
import { formatDuration } from "../options/duration";
import { ServiceError, ValidityError, YciamError } from "../words/errors";
import { option, say, type Text } from "../words/message";
import { isUnavailable, type TokenSource, type Unavailable } from "../chain/resolver";
import { type CachedToken, parseEntry, serializeEntry } from "./stored-token";
import { assertLife, isPlausible, isYoung, type Judge, lasts, remainingMs } from "./token-life";
import { type Renewal, TokenState } from "./token-state";

/** What a cached token source is made of. */
export interface CacheParts extends Judge {
  readonly context: Context;
  /** Equal for equal credentials, endpoints and impersonation; holds no secret. */
  readonly key: string;
  /** Where entries outlive the process, if this source may be written there. */
  readonly store?: TokenStore;
}

interface Cached extends CacheParts {
  readonly source: TokenSource;
  readonly state: TokenState;
}

/**
 * Wraps a source: served from memory (and the store) while younger than `refreshAfter`; older ones are renewed on
 * call; when that fails, the old one is served while it has `minRemainingValidity` left. One exchange at a time.
 * @throws ValidityError when no token lives long enough
 */
export function cached(source: TokenSource, parts: CacheParts): TokenSource {
  const state = parts.context.memory.recall("token", parts.key, () => new TokenState(parts.clock));
  const own: Cached = { ...parts, source, state };
  return {
    id: source.id,
    ...(source.material === undefined ? {} : { material: source.material }),
    token: async (call) => {
      const answer = await obtain(own, call);
      return isUnavailable(answer) ? answer : answer.token;
    },
    forget: async (token) => {
      await source.forget?.(token);
      if (state.entry?.token.token.reveal() === token.reveal()) state.entry = undefined;
      await parts.store?.forget(token);
    },
  };
}

async function obtain(own: Cached, call: Call): Promise<CachedToken | Unavailable> {
  call.signal.throwIfAborted();
  const { state, policy, clock } = own;
  const known = state.entry;
  if (known !== undefined && lasts(known, own) && (state.isPausing || isYoung(known, own))) return known;
  try {
    const answer = state.absent ?? (await renewal(own, call));
    if (isUnavailable(answer)) return serveOldUnlessNone(own, answer);
    assertLife(answer.entry, policy, clock);
    return answer.entry;
  } catch (error) {
    // Looked at again: the attempt may have found an older token in the store.
    const old = state.entry;
    if (old === undefined || call.signal.aborted) throw error;
    return serveOldUnlessShort(own, old, error);
  }
}

function serveOldUnlessNone(own: Cached, answer: Unavailable): CachedToken | Unavailable {
  const old = own.state.entry;
  if (old === undefined) return answer;
  if (isSure(old, own)) return serveOld(own, old, answer.reason);
  // To move on to the next resolver now would change the identity in the middle of a run.
  throw new ServiceError(
    say`the credential that gave tokens so far gives none any more: ${answer.reason}. To mend that: ${answer.remedy}.`,
    "unreachable",
  );
}

function serveOldUnlessShort(own: Cached, old: CachedToken, error: unknown): CachedToken {
  const cause = error instanceof YciamError ? error.text : `an unexpected ${describeDefect(error)}.`;
  if (isSure(old, own)) return serveOld(own, old, cause);
  const remaining = remainingMs(old, own.clock) ?? 0;
  // A ValidityError says more than the sentence below: the attempt did not fail, what it brought was too short.
  if (remaining <= 0 || error instanceof ValidityError) throw error;
  throw new ValidityError(
    say`the token could not be renewed, and the old one lives only ${formatDuration(remaining)} more; ${option("minRemainingValidity")} asks for ${formatDuration(own.policy.minRemainingMs)}. The renewal failed: ${cause}`,
  );
}

/** Whether it is known to live long enough. */
function isSure(entry: CachedToken, judge: Judge): boolean {
  return entry.token.expiresAt !== undefined && lasts(entry, judge);
}

function serveOld({ state, clock, context }: Cached, old: CachedToken, cause: Text): CachedToken {
  if (state.pause()) {
    const left = formatDuration(remainingMs(old, clock) ?? 0);
    const warning = say`could not renew the IAM token; the old one is used, ${left} are left of it: ${cause}`;
    context.log.warn(warning.render(context.spelling));
  }
  return old;
}

/** Joins the attempt under way or makes one. Another caller's may be content with what is too little for this one. */
async function renewal(own: Cached, call: Call): Promise<Renewal> {
  for (;;) {
    let mine = false;
    const answer = await own.state.flight.join(reserved(own, call), (shared) => {
      mine = true;
      return renew(own, shared);
    });
    const enough =
      isUnavailable(answer) || answer.minted || (lasts(answer.entry, own) && isYoung(answer.entry, own));
    if (mine || enough) return answer;
  }
}

/** Half of the time, while there is an old token to serve: an IAM that hangs must not take all of it. */
function reserved({ state, ...judge }: Cached, call: Call): Call {
  const hasOld = state.entry !== undefined && lasts(state.entry, judge);
  return hasOld ? shortened(call, call.remaining() / 2) : call;
}

async function renew(own: Cached, call: Call): Promise<Renewal> {
  const slot = slotOf(own);
  if (slot === undefined) return mint(own, call);
  const stored = await load(own, slot);
  if (stored !== undefined) return stored;
  // What was loaded may be old and good: then only a part of the time is for renewing it.
  const rest = reserved(own, call);
  // Half of it for those who came first, and half to do it oneself when they do not come to an end.
  const wait = { signal: call.signal, waitMs: rest.remaining() / 2 };
  return slot.store.exclusively(slot, wait, async () => {
    // Another process may have renewed it while this one waited for its turn.
    const renewed = await load(own, slot);
    if (renewed !== undefined) return renewed;
    const minted = await mint(own, rest);
    if (isUnavailable(minted)) return minted;
    const text = serializeEntry(minted.entry, own.clock.offsetMs);
    await slot.store.save(slot, text, minted.entry.token.token);
    return minted;
  });
}

type Slot = StoreSlot & { readonly store: TokenStore };

function slotOf({ store, source, key, context: { log } }: Cached): Slot | undefined {
  if (store === undefined || source.material === undefined) return undefined;
  return { store, identity: key, material: source.material, log };
}

async function load(own: Cached, slot: Slot): Promise<Renewal | undefined> {
  const entry = parseEntry(await slot.store.load(slot));
  if (entry === undefined) return undefined;
  own.clock.presume(entry.offsetMs);
  // Too short for this caller, it may do for another who waits for the same attempt.
  if ((remainingMs(entry, own.clock) ?? 0) <= 0 || !isPlausible(entry, own.clock)) return undefined;
  const kept = own.state.keep(entry);
  return lasts(kept, own) && isYoung(kept, own) ? { entry: kept, minted: false } : undefined;
}

async function mint(own: Cached, call: Call): Promise<Renewal> {
  call.signal.throwIfAborted();
  const token = await own.source.token(call);
  // A late answer, which nobody waits for any more: another may have come since.
  call.signal.throwIfAborted();
  own.state.absent = isUnavailable(token) ? token : undefined;
  if (isUnavailable(token)) return token;
  own.context.log.debug("got a new IAM token", { credential: shortDigests(own.source.id) });
  return { entry: own.state.keep({ token, obtainedAt: own.clock.now() }), minted: true };
}

/** A log needs no more of a digest than tells two credentials apart. */
function shortDigests(id: string): string {
  return id.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1");
}
