import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Emulator, startEmulator } from "../emulator";
import { type App, createApp, type TokenResult } from "../provider/app";
import { testContext } from "../test/support/context";

/** What one run under load came to. */
export interface LoadReport {
  readonly calls: number;
  /** Calls made for each call planned; 1 is all of them. */
  readonly kept: number;
  /** Tokens handed out with less life left than asked; errors. */
  readonly broken: number;
  readonly failed: number;
  readonly exchanges: number;
  readonly renewalsFailed: number;
  /** Heap at the end for each byte at the end of the first sixth, after a collection. */
  readonly heapGrowth: number;
  /** Time of a call at these shares of all calls, for each unit of the median. */
  readonly p99: number;
  readonly p999: number;
}

const SECOND = 1000;
/** So short that a minute sees a dozen renewals, and so long that an old token bridges an outage. */
const LIFE_MS = 40 * SECOND;
const REFRESH_MS = 5 * SECOND;
const LEAST_MS = 10 * SECOND;
const TICK_MS = 10;

/**
 * Calls `getIamToken` at a steady rate, over expiry, renewal and an outage of IAM that is shorter than the promise
 * bridges, and judges every token by the emulator's own record of it.
 */
export async function runLoad(perSecond: number, seconds: number): Promise<LoadReport> {
  const emulator = await startEmulator({ tokenLifetimeMs: LIFE_MS, reuseWhileMs: Infinity });
  try {
    return await new Load(emulator, await openApp(emulator)).run(perSecond, seconds);
  } finally {
    await emulator.close();
  }
}

async function openApp(emulator: Emulator): Promise<App> {
  const config = {
    serviceAccountKey: { json: JSON.stringify(await emulator.createKey()) },
    iamEndpoint: emulator.iamEndpoint,
    minRemainingValidity: `${LEAST_MS}ms`,
    refreshAfter: `${REFRESH_MS}ms`,
    retries: 0,
  };
  return createApp(config, testContext());
}

class Load {
  #calls = 0;
  #broken = 0;
  #failed = 0;
  readonly #times: Float64Array;
  readonly #expiries = new Map<string, number>();

  constructor(
    private readonly emulator: Emulator,
    private readonly app: App,
  ) {
    this.#times = new Float64Array(2_000_000);
  }

  async run(perSecond: number, seconds: number): Promise<LoadReport> {
    await this.app.getIamToken();
    const start = performance.now();
    const planned = perSecond * seconds;
    let heap: number | undefined;
    while (this.#calls < planned && performance.now() - start < seconds * SECOND + 5 * SECOND) {
      const passed = performance.now() - start;
      this.#spoil(passed, seconds);
      const due = Math.min(planned, Math.floor((passed / SECOND) * perSecond)) - this.#calls;
      await Promise.all(Array.from({ length: due }, () => this.#call()));
      if (heap === undefined && passed > (seconds * SECOND) / 6) heap = heapUsed();
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    return this.#report(planned, heap ?? heapUsed());
  }

  /** IAM is away in the third quarter of each half minute, for less time than the old token bridges. */
  #spoil(passed: number, seconds: number): void {
    const part = (passed / (seconds * SECOND)) % 0.5;
    const isAway = part > 0.25 && part < 0.25 + Math.min(0.15, 6 / seconds);
    if (isAway && this.emulator.faults.pending === 0)
      this.emulator.faults.inject({ status: 503, times: Infinity });
    if (!isAway) this.emulator.faults.clear();
  }

  async #call(): Promise<void> {
    const start = performance.now();
    const index = this.#calls++;
    try {
      this.#judge(await this.app.getIamToken());
    } catch {
      this.#failed += 1;
    }
    this.#times[index] = performance.now() - start;
  }

  #judge({ token, fingerprint }: TokenResult): void {
    const known = this.#expiries.get(fingerprint);
    const expiresAt =
      known ?? this.emulator.issuedTokens.find((issued) => issued.token === token.reveal())?.expiresAt ?? 0;
    this.#expiries.set(fingerprint, expiresAt);
    if (expiresAt - this.emulator.now() < LEAST_MS) this.#broken += 1;
  }

  #report(planned: number, heap: number): LoadReport {
    const times = this.#times.slice(0, this.#calls).sort();
    const at = (share: number) => times[Math.floor(share * times.length)] ?? 0;
    return {
      calls: this.#calls,
      kept: this.#calls / planned,
      broken: this.#broken,
      failed: this.#failed,
      exchanges: this.emulator.counts.exchanges,
      renewalsFailed: this.emulator.requests.filter(({ status }) => status === 503).length,
      heapGrowth: heapUsed() / heap,
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
