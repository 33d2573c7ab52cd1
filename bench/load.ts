import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Emulator, startEmulator } from "../emulator";
import { type App, createApp, type TokenResult } from "../provider/app";
import { ValidityError } from "../provider/core/words/errors";
import { testContext } from "../test/support/context";

/** What one run under load came to. */
export interface LoadReport {
  readonly calls: number;
  /** Calls made for each call planned; 1 is all of them. */
  readonly kept: number;
  /** Tokens handed out with less life left than asked. */
  readonly broken: number;
  /** Errors that say how long the old token lives, while IAM was away and it lived too short: as promised. */
  readonly tooShort: number;
  /** All other errors. */
  readonly failed: number;
  readonly exchanges: number;
  /** Attempts while IAM was away. */
  readonly renewalsFailed: number;
  /** Bytes of heap that stay of each call, after a collection; measured from the end of the first sixth on. */
  readonly bytesPerCall: number;
  /** Time of a call at these shares of all calls, for each unit of the median. */
  readonly p99: number;
  readonly p999: number;
}

/** What a run is made of. */
export interface LoadPlan {
  readonly perSecond: number;
  readonly seconds: number;
  /** By default the machine's own. */
  readonly time?: Time;
}

/** The time that everything in a run goes by. */
export interface Time {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends some milliseconds later, or longer on a machine that is busy. */
  readonly pass: () => Promise<void>;
}

const SECOND = 1000;
/** In seconds: so short that a minute sees a dozen renewals. */
const LIFE = 14;
const REFRESH = 2;
const LEAST = 8;
/** IAM is away for this part of each period: at first the old token will do, then it is too short, and never dead. */
const PERIOD = 30;
const AWAY = { from: 10, to: 19 };
const TICK_MS = 10;

const OF_MACHINE: Time = { now: Date.now, pass: () => new Promise((passed) => setTimeout(passed, TICK_MS)) };

/** A time that passes with each step of a run, and with nothing else: however busy the machine is, all comes the same. */
export function timeBySteps(): Time {
  let now = Date.now();
  return {
    now: () => now,
    pass: () => new Promise((passed) => setImmediate(() => passed(void (now += TICK_MS)))),
  };
}

/**
 * Calls `getIamToken` at a steady rate, over expiry, renewal and outages of IAM that an old token bridges only at
 * first, and judges every token and every error by the emulator's own record.
 */
export async function runLoad({ time = OF_MACHINE, ...plan }: LoadPlan): Promise<LoadReport> {
  const emulator = await startEmulator({
    tokenLifetimeMs: LIFE * SECOND,
    reuseWhileMs: Infinity,
    now: time.now,
  });
  try {
    return await new Load(emulator, await openApp(emulator, time), { time, ...plan }).run();
  } finally {
    await emulator.close();
  }
}

async function openApp(emulator: Emulator, { now }: Time): Promise<App> {
  const config = {
    serviceAccountKey: { json: JSON.stringify(await emulator.createKey()) },
    iamEndpoint: emulator.iamEndpoint,
    minRemainingValidity: `${LEAST}s`,
    refreshAfter: `${REFRESH}s`,
    retries: 0,
  };
  return createApp(config, testContext({ now }));
}

class Load {
  #calls = 0;
  #broken = 0;
  #tooShort = 0;
  #failed = 0;
  readonly #times: Float64Array;
  readonly #expiries = new Map<string, number>();
  readonly #planned: number;

  constructor(
    private readonly emulator: Emulator,
    private readonly app: App,
    private readonly plan: Required<LoadPlan>,
  ) {
    this.#planned = plan.perSecond * plan.seconds;
    this.#times = new Float64Array(this.#planned);
  }

  async run(): Promise<LoadReport> {
    const { perSecond, seconds, time } = this.plan;
    await this.app.getIamToken();
    const start = time.now();
    let early: { readonly heap: number; readonly calls: number } | undefined;
    for (let passed = 0; this.#calls < this.#planned && passed < seconds + 5;) {
      await time.pass();
      passed = (time.now() - start) / SECOND;
      this.#spoil(passed);
      const due = Math.min(this.#planned, Math.floor(passed * perSecond)) - this.#calls;
      await Promise.all(Array.from({ length: due }, () => this.#call()));
      if (passed > seconds / 6) early ??= { heap: heapUsed(), calls: this.#calls };
    }
    const { heap, calls } = early ?? { heap: heapUsed(), calls: 0 };
    return this.#report((heapUsed() - heap) / (this.#calls - calls));
  }

  #spoil(passed: number): void {
    const at = passed % PERIOD;
    const isAway = at >= AWAY.from && at < AWAY.to;
    if (isAway && this.emulator.faults.pending === 0)
      this.emulator.faults.inject({ status: 503, times: Infinity });
    if (!isAway) this.emulator.faults.clear();
  }

  async #call(): Promise<void> {
    const [start, now] = [performance.now(), this.plan.time.now()];
    const index = this.#calls++;
    try {
      // By the time of the call: it can take a while until a caller among thousands comes to look at the answer.
      if (this.#lifeOf(await this.app.getIamToken(), now) < LEAST * SECOND) this.#broken += 1;
    } catch (error) {
      if (this.#isPromised(error)) this.#tooShort += 1;
      else this.#failed += 1;
    }
    this.#times[index] = performance.now() - start;
  }

  #lifeOf({ token, fingerprint }: TokenResult, now: number): number {
    const known = this.#expiries.get(fingerprint);
    const expiresAt =
      known ?? this.emulator.issuedTokens.find((issued) => issued.token === token.reveal())?.expiresAt ?? 0;
    this.#expiries.set(fingerprint, expiresAt);
    return expiresAt - now;
  }

  /** Whether no token had life enough; one that still lives, the error must speak of. */
  #isPromised(error: unknown): boolean {
    const newestLife = (this.emulator.issuedTokens.at(-1)?.expiresAt ?? Infinity) - this.plan.time.now();
    return newestLife < LEAST * SECOND && (error instanceof ValidityError || newestLife <= 0);
  }

  #report(bytesPerCall: number): LoadReport {
    const times = this.#times.slice(0, this.#calls).sort();
    const at = (share: number) => times[Math.floor(share * times.length)] ?? 0;
    return {
      calls: this.#calls,
      kept: this.#calls / this.#planned,
      broken: this.#broken,
      tooShort: this.#tooShort,
      failed: this.#failed,
      exchanges: this.emulator.counts.exchanges,
      renewalsFailed: this.emulator.requests.filter(({ status }) => status === 503).length,
      bytesPerCall,
      p99: at(0.99) / at(0.5),
      p999: at(0.999) / at(0.5),
    };
  }
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
