import { ServerClock } from "../../provider/core/token/clock";
import type { StoreSlot, TokenStore } from "../../provider/core/context";
import { ServiceError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { type IamToken, MAX_TOKEN_LIFE_MS } from "../../provider/core/token/token";
import type { Policy } from "../../provider/core/token/judgement";
import { Holder, KeptSource, type TokenSource } from "../../provider/core/token/source";
import { testContext, type TestContext } from "../support/context";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** How the service behaves from now on. */
export type Service =
  | { readonly kind: "mints"; readonly lifeMs: number }
  | { readonly kind: "reuses" }
  | { readonly kind: "fails" };

/** What happens to time: it passes, the machine sleeps, or the host's clock is set. Milliseconds. */
export interface Shift {
  readonly how: "pass" | "sleep" | "set";
  readonly ms: number;
}

/** A shift while an answer is under way: before the service judged, or after it did. */
export interface FlightShift extends Shift {
  readonly when: "before" | "after";
}

/** A token as the service knows it; times are the server's. */
export interface Issued {
  readonly name: string;
  readonly at: number;
  readonly expiresAt: number;
}

/** What a process has in memory, as the model works it out. */
export interface Held {
  readonly issued: Issued;
  /** When the service last gave it to this process; undefined where the process cannot know that well. */
  readonly seenAt: number | undefined;
}

type Outcome = "minted" | "fails" | "aborted";

/** As in core/token/judgement: a token that dies so much earlier does not replace one. */
const TOLERANCE_MS = MINUTE;

/** A service, a host, and processes on it one after the other; all of time is simulated. */
export class World {
  server = Date.UTC(2026, 10, 24);
  host = this.server;
  monotonic = 0;
  service: Service = { kind: "mints", lifeMs: MAX_TOKEN_LIFE_MS };
  readonly issued: Issued[] = [];
  /** Each time that the service was asked: the server's time when it had answered, and what came of it. */
  readonly asks: { at: number; outcome: Outcome }[] = [];
  running = 0;
  mostRunning = 0;
  /** What is on disk. */
  entry: string | undefined;
  held: Held | undefined;
  /** Whether the process can know the time: nobody set the host's clock since the service last told it. */
  isSure = true;
  /** What happens while the next answer is under way. */
  next: FlightShift | undefined;
  /** How far ahead of the host the server was when a token was saved, and when that had been seen. */
  #saved: { readonly aheadMs: number; readonly seenAt: number | undefined } = {
    aheadMs: 0,
    seenAt: undefined,
  };
  #process = this.#boot();

  constructor(private readonly onDisk: boolean) {}

  get clock(): ServerClock {
    return this.#process.clock;
  }

  get context(): TestContext {
    return this.#process.context;
  }

  /**
   * A new process, on a host whose clock is right. One that is wrong by hours before anybody was asked, and a sleep
   * that ends with the clock set back before anybody looked, no program could find out.
   */
  restart(): void {
    this.host = this.server;
    this.held = undefined;
    this.isSure = this.#saved.aheadMs === 0;
    this.#process = this.#boot();
  }

  shift({ how, ms }: Shift): void {
    if (how !== "set") this.server += ms;
    if (how === "pass") this.monotonic += ms;
    this.host += ms;
    if (how === "set" && ms !== 0) this.isSure = false;
  }

  source(policy: Policy): TokenSource {
    const source: TokenSource = {
      id: "credential",
      material: new Secret("material"),
      token: (call) => this.#ask(call.signal),
    };
    const { clock, context, holder } = this.#process;
    const { log, spelling } = context;
    const parts = {
      holder,
      clock,
      policy,
      identity: "key",
      cache: "disk" as const,
      isDead: () => false,
      log,
      spelling,
    };
    return new KeptSource(source, this.onDisk ? { ...parts, store: this.#store } : parts);
  }

  /** The token of this name. */
  find(name: string): Issued {
    return this.issued.find((issued) => issued.name === name) as Issued;
  }

  /** The token on disk. */
  get stored(): Issued | undefined {
    return this.entry === undefined
      ? undefined
      : this.find((JSON.parse(this.entry) as { token: string }).token);
  }

  #boot() {
    const clock = new ServerClock(
      () => this.host,
      () => this.monotonic,
    );
    return { clock, context: testContext(), holder: new Holder() };
  }

  async #ask(signal: AbortSignal): Promise<IamToken> {
    const ask = { at: this.server, outcome: "aborted" as Outcome };
    this.asks.push(ask);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      setImmediate(resolve);
    });
    this.running -= 1;
    signal.throwIfAborted();
    const shift = this.next;
    this.next = undefined;
    if (shift?.when === "before") this.shift(shift);
    const { service } = this;
    ask.outcome = service.kind === "fails" ? "fails" : "minted";
    const issued = ask.outcome === "minted" ? this.#give(service) : undefined;
    const began = { server: this.server, monotonic: this.monotonic };
    if (shift?.when === "after") this.shift(shift);
    ask.at = this.server;
    if (issued === undefined) throw new ServiceError("the service fails", "status", { status: 503 });
    this.#observe(began);
    this.#keep(issued);
    return { token: new Secret(issued.name), issuedAt: this.clock.now(), expiresAt: issued.expiresAt };
  }

  #give(service: Service): Issued {
    const last = this.issued.at(-1);
    if (service.kind === "reuses" && last !== undefined && last.expiresAt > this.server) return last;
    const lifeMs = service.kind === "mints" ? service.lifeMs : HOUR;
    const issued = {
      name: `token-${this.issued.length}`,
      at: this.server,
      expiresAt: this.server + lifeMs,
    };
    this.issued.push(issued);
    return issued;
  }

  /** The reply's `Date`, with its age as the http port measures it: that stands still while the machine sleeps. */
  #observe(began: { server: number; monotonic: number }): void {
    const ageMs = this.monotonic - began.monotonic;
    this.clock.observe(began.server, ageMs);
    this.isSure = began.server + ageMs === this.server;
  }

  #keep(issued: Issued): void {
    const old = this.held;
    const seenAt = this.isSure ? this.server : undefined;
    const isLonger = old !== undefined && old.issued.expiresAt > issued.expiresAt + TOLERANCE_MS;
    this.held = { issued: isLonger ? old.issued : issued, seenAt };
  }

  readonly #store: TokenStore = {
    load: async () => {
      this.#recallStored();
      return this.entry;
    },
    save: async (_slot: StoreSlot, entry: string) => {
      this.entry = entry;
      this.#saved = { aheadMs: this.clock.offsetMs, seenAt: this.held?.seenAt };
    },
    forget: async () => void (this.entry = undefined),
    lock: async () => undefined,
  };

  /** A process that has nothing takes over what is on disk, unless that is dead by the clock it was stored with. */
  #recallStored(): void {
    const { stored: issued, clock } = this;
    const now = clock.now() + Math.max(0, this.#saved.aheadMs - clock.offsetMs);
    if (this.held === undefined && issued !== undefined && issued.expiresAt > now)
      this.held = { issued, seenAt: this.#saved.seenAt };
  }
}
