import { formatDuration } from "../options/duration";
import { describeDefect } from "../words/defect";
import { CredentialError, ValidityError, YciamError } from "../words/errors";
import type { Log } from "../words/log";
import { option, renderText, say, type Spelling } from "../words/message";
import { Secret } from "../words/secret";
import { type Call, startCall } from "./call";
import type { ServerClock } from "./clock";
import { readEntry, writeEntry } from "./entry";
import { Flight } from "./flight";
import { better, type HeldToken, judge, type Judgement, type Policy } from "./judgement";
import type { StoreSlot, TokenStore } from "./store";
import { canBeToken, type IamToken } from "./token";

/** Gives tokens for one credential. Everything that adds behaviour (memory, impersonation) has the same shape. */
export interface TokenSource {
  /** Names the credential in caches and logs; holds no secret. Two credentials must differ in it. */
  readonly id: string;
  /** Secret material of the credential; a source without it is kept in memory only. */
  readonly material?: Secret;
  /** A token. Rejects when the credential gives none: what `resolve()` returned stands for that credential. */
  token(call: Call): Promise<IamToken>;
}

/** What an attempt to get a token came to. */
interface Renewal {
  readonly held: HeldToken;
  /** Whether the service was asked for it. */
  readonly minted: boolean;
}

/** What a process remembers of one credential; shared by all sources for it. */
export class Holder {
  held: HeldToken | undefined;
  readonly flight = new Flight<Renewal>();
  /** A renewal failed at this time; by the server's clock. */
  failedAt = -Infinity;
}

/** What a kept source is made of. */
export interface Keeping {
  readonly holder: Holder;
  readonly clock: ServerClock;
  readonly policy: Policy;
  /** Equal for equal credentials, endpoints and impersonation; holds no secret. */
  readonly identity: string;
  /** `none`: nothing is kept, and only callers of the same moment share a token. */
  readonly cache: "disk" | "memory" | "none";
  readonly store?: TokenStore;
  /** Whether a token is known to be dead, whatever the store says. */
  readonly isDead: (token: Secret) => boolean;
  readonly log: Log;
  readonly spelling: Spelling;
}

/**
 * After a failed renewal the old token is served for this long before the next attempt, so that an outage does not
 * slow every call down. Milliseconds.
 */
const PAUSE_MS = 15_000;

/**
 * A source that remembers. A fresh token is served from memory or the store. An older one is renewed on call, one
 * exchange at a time; when that fails, the old one is served as long as the policy allows.
 */
export class KeptSource implements TokenSource {
  readonly id: string;
  readonly material?: Secret;

  constructor(
    private readonly source: TokenSource,
    private readonly keeping: Keeping,
  ) {
    this.id = source.id;
    if (source.material !== undefined) this.material = source.material;
  }

  async token(call: Call): Promise<IamToken> {
    return (await this.hold(call)).token;
  }

  /**
   * The token in memory, while nothing has to be done for it.
   * @param now in milliseconds by the server's clock
   */
  fresh(now: number): HeldToken | undefined {
    const { holder, cache, policy } = this.keeping;
    const { held } = holder;
    return held !== undefined && cache !== "none" && judge(held, policy, now) === "fresh" ? held : undefined;
  }

  /**
   * A token that the policy allows, with the time at which the service was asked for it.
   * @throws ValidityError when no token lives long enough; whatever the source throws
   */
  async hold(call: Call): Promise<HeldToken> {
    call.signal.throwIfAborted();
    const { holder, cache } = this.keeping;
    if (holder.held !== undefined && cache !== "none") {
      const judgement = this.#judge(holder.held);
      if (judgement === "fresh" || (judgement === "usable" && this.isPausing())) return holder.held;
    }
    try {
      for (;;) {
        let isMine = false;
        const terms = holder.held === undefined ? call : this.#reserved(call);
        const { held, minted } = await holder.flight.join(terms, (shared) => {
          isMine = true;
          return this.#renew(shared);
        });
        const judgement = this.#judge(held);
        // What satisfied the caller who began it may be too little for this one.
        if (!isMine && !minted && judgement !== "fresh") continue;
        if (judgement === "dead") throw this.#tooShort(held);
        return held;
      }
    } catch (error) {
      if (call.signal.aborted) throw error;
      return this.insteadOf(error);
    }
  }

  /**
   * The token in memory, for a caller whose renewal failed with this error; the log tells of it once in a while.
   * @throws the error where there is no token; ValidityError where it lives too short
   */
  insteadOf(error: unknown): HeldToken {
    const { holder, clock, log, spelling, policy, cache } = this.keeping;
    const { held } = holder;
    const now = clock.now();
    if (held?.token.expiresAt === undefined || cache === "none") throw error;
    const cause = error instanceof YciamError ? error.text : `an unexpected ${describeDefect(error)}.`;
    const left = formatDuration(held.token.expiresAt - now);
    if (this.#judge(held) !== "dead") {
      const text = say`could not renew the IAM token; the old one is used, ${left} are left of it: ${cause}`;
      if (this.isPausing()) return held;
      log.warn(renderText(text, spelling));
      holder.failedAt = now;
      return held;
    }
    // A ValidityError says more than the sentence below: the attempt did not fail, what it brought was too short.
    if (held.token.expiresAt <= now || error instanceof ValidityError) throw error;
    throw new ValidityError(
      say`the token could not be renewed, and the old one lives only ${left} more; ${option("minRemainingValidity")} asks for ${formatDuration(policy.minRemainingMs)}. The renewal failed: ${cause}`,
    );
  }

  /** The token in memory, while it may still be handed out. */
  usable(): HeldToken | undefined {
    const { holder, cache } = this.keeping;
    const { held } = holder;
    return held !== undefined && cache !== "none" && this.#judge(held) !== "dead" ? held : undefined;
  }

  /** Whether a renewal failed a moment ago. */
  isPausing(): boolean {
    const since = this.keeping.clock.now() - this.keeping.holder.failedAt;
    return since >= 0 && since < PAUSE_MS;
  }

  #judge(held: HeldToken): Judgement {
    return judge(held, this.keeping.policy, this.keeping.clock.now());
  }

  /** Half of the time, while there is an old token to serve: an IAM that hangs must not take all of it. */
  #reserved(call: Call): Call {
    const { holder, cache } = this.keeping;
    const hasOld = holder.held !== undefined && cache !== "none" && this.#judge(holder.held) !== "dead";
    return hasOld ? startCall(call.signal, call.remaining() / 2, call.retries) : call;
  }

  async #renew(call: Call): Promise<Renewal> {
    const { store, identity, cache, log } = this.keeping;
    const { material } = this;
    if (store === undefined || material === undefined || cache !== "disk") return this.#mint(call);
    const slot = { identity, material, log };
    const stored = await this.#load(store, slot);
    if (stored !== undefined) return stored;
    // What was loaded may be old and usable: then only a part of the time is for renewing it.
    const rest = this.keeping.holder.held === undefined ? call : this.#reserved(call);
    // Half of it is for other processes that came first, and half to do it oneself when they come to no end.
    const wait = { signal: call.signal, waitMs: rest.remaining() / 2 };
    const release = await store.lock(slot, wait);
    try {
      // Another process may have renewed it while this one waited for its turn.
      const renewed = await this.#load(store, slot);
      if (renewed !== undefined) return renewed;
      const minted = await this.#mint(rest);
      const { token } = minted.held;
      const entry = writeEntry({ ...minted.held, offsetMs: this.keeping.clock.offsetMs });
      if (token.expiresAt !== undefined && !this.keeping.isDead(token.token))
        await store.save(slot, entry, token.token);
      return minted;
    } finally {
      await release?.();
    }
  }

  async #load(store: TokenStore, slot: StoreSlot): Promise<Renewal | undefined> {
    const { clock, policy } = this.keeping;
    const text = await store.load(slot);
    const entry = text === undefined ? undefined : readEntry(text);
    if (entry === undefined || this.keeping.isDead(entry.token.token)) return undefined;
    clock.presume(entry.offsetMs);
    // Too short for this caller, it may do for another who waits for the same attempt.
    if (judge(entry, { ...policy, minRemainingMs: 0 }, clock.now()) === "dead") return undefined;
    const held = this.#keep({ token: entry.token, askedAt: entry.askedAt });
    return this.#judge(held) === "fresh" ? { held, minted: false } : undefined;
  }

  async #mint(call: Call): Promise<Renewal> {
    const { clock, log } = this.keeping;
    call.signal.throwIfAborted();
    const token = await this.source.token(call);
    // Nobody waits for a late answer any more, and another may have come since.
    call.signal.throwIfAborted();
    assertToken(token, this.id);
    log.debug("got a new IAM token", { credential: shortDigests(this.id) });
    return { held: this.#keep({ token, askedAt: clock.now() }), minted: true };
  }

  #keep(next: HeldToken): HeldToken {
    const { holder, clock, cache } = this.keeping;
    if (cache === "none" || this.keeping.isDead(next.token.token)) return next;
    return (holder.held = holder.held === undefined ? next : better(holder.held, next, clock.now()));
  }

  #tooShort({ token }: HeldToken): ValidityError {
    const { clock, policy } = this.keeping;
    const left = formatDuration((token.expiresAt ?? 0) - clock.now());
    return new ValidityError(
      say`the newest token that can be had lives only ${left} more; ${option("minRemainingValidity")} asks for ${formatDuration(policy.minRemainingMs)}. A token lives at most 12h, and Yandex Cloud may hand the same one to several callers until it is near its end; the caller cannot ask for a longer life.`,
    );
  }
}

/** A resolver of the user's own may give anything. */
function assertToken({ token, expiresAt = 0, issuedAt = 0 }: IamToken, id: string): void {
  const isTime = Number.isFinite(expiresAt) && Number.isFinite(issuedAt);
  if (isTime && token instanceof Secret && canBeToken(token.reveal())) return;
  throw new CredentialError(
    say`${id.split(" ")[0] as string} gave what is no token: it is empty, too long, has a character that no token has, or dies at no time. Mend the resolver.`,
  );
}

/** A log needs no more of a digest than tells two credentials apart. */
function shortDigests(id: string): string {
  return id.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1");
}
