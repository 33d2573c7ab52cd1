import { type Call, startCall } from "../../../provider/core/token/call";
import { ServerClock } from "../../../provider/core/token/clock";
import type { StoreSlot, TokenStore } from "../../../provider/core/context";
import { Recent } from "../../../provider/core/token/recent";
import { Holder, KeptSource, type TokenSource } from "../../../provider/core/token/source";
import { Secret } from "../../../provider/core/words/secret";
import type { IamToken } from "../../../provider/core/token/token";
import { testContext } from "../../support/context";

export const NOON = Date.UTC(2026, 10, 24, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

type Answer = IamToken | Error;

/** Tokens of one credential under a test's control: its time, and what each asking comes to. */
export class TokenWorld {
  readonly context = testContext({ now: () => this.wall });
  /** How often a token was asked for. */
  asked = 0;
  wall = NOON;
  #monotonic = 0;
  readonly #clock = new ServerClock(
    () => this.wall,
    () => this.#monotonic,
  );
  readonly #holders = new Recent<Holder>(100);
  /** What the next askings come to; when it is empty, a token of twelve hours named after the asking. */
  readonly answers: (Answer | Promise<Answer>)[] = [];

  /** Time passes for the host and for the server. */
  pass(ms: number): void {
    this.wall += ms;
    this.#monotonic += ms;
  }

  /** A token that lives so long from now on; without an end when `lifeMs` is undefined. */
  token(name: string, lifeMs: number | undefined = 12 * HOUR): IamToken {
    return { token: new Secret(name), issuedAt: this.wall, expiresAt: this.wall + lifeMs };
  }

  /** A cached source of the credential, with a policy of its own. */
  source(
    options: {
      policy?: { minRemainingMs?: number; refreshAfterMs?: number };
      key?: string;
      cache?: "disk" | "memory" | "none";
      store?: TokenStore;
      material?: Secret;
    } = {},
  ): TokenSource {
    const { policy, key = "credential", cache = "disk", store, material } = options;
    const own: TokenSource = {
      id: "credential",
      ...(material ? { material } : {}),
      token: () => this.#ask(),
    };
    return new KeptSource(own, {
      holder: this.#holders.get(key) ?? this.#holders.add(key, new Holder()),
      clock: this.#clock,
      policy: { minRemainingMs: 10 * MINUTE, refreshAfterMs: HOUR, ...policy },
      identity: key,
      cache,
      isDead: () => false,
      log: this.context.log,
      spelling: this.context.spelling,
      ...(store ? { store } : {}),
    });
  }

  /** The warnings logged so far. */
  get warnings(): readonly string[] {
    return this.context.logs.filter(({ level }) => level === "warn").map(({ message }) => message);
  }

  async #ask(): Promise<IamToken> {
    this.asked += 1;
    const name = `token-${this.asked}`;
    const answer = await (this.answers.shift() ?? this.token(name));
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** A call with time enough. */
export const aCall = (signal = new AbortController().signal): Call => startCall(signal, 5000);

/** The token's text. */
export async function ask(source: TokenSource, call = aCall()): Promise<string> {
  return (await source.token(call)).token.reveal();
}

/** A store in memory, with what the real one promises: entries by slot, one piece of work at a time. */
export function memoryStore() {
  const entries = new Map<string, string>();
  const name = ({ identity, material }: StoreSlot) => `${identity} ${material.reveal()}`;
  const last = new Map<string, Promise<unknown>>();
  const store: TokenStore = {
    load: async (slot) => entries.get(name(slot)),
    save: async (slot, entry) => void entries.set(name(slot), entry),
    forget: async (token) => {
      for (const [key, entry] of entries) if (entry.includes(token.reveal())) entries.delete(key);
    },
    lock: async (slot) => {
      const before = last.get(name(slot));
      let release = async () => undefined as void;
      last.set(name(slot), new Promise<void>((done) => (release = async () => done())));
      await before;
      return release;
    },
  };
  return { store, entries };
}
