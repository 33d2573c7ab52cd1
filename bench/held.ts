import { startEmulator } from "../emulator";
import { getIamToken } from "../sdk/nodejs";
import { createTokenSource } from "../sdk/nodejs/token";

/** What one way to a token that is held costs. */
export interface HeldReport {
  /** One call, in microseconds. */
  readonly microseconds: number;
  /** The same in bare awaits of the same run, which means the same on every machine. */
  readonly bareAwaits: number;
}

/** A call that is measured. */
type Work = () => Promise<unknown>;

const ROUNDS = 7;
const BARE: Work = async () => undefined;

/** Measures calls that find their token in memory; `calls` for each way in each of a few rounds, of which the best counts. */
export async function measureHeld(calls: number): Promise<Readonly<Record<string, HeldReport>>> {
  const emulator = await startEmulator();
  try {
    const args = {
      serviceAccountKey: { json: JSON.stringify(await emulator.createKey()) },
      iamEndpoint: emulator.iamEndpoint,
      cache: "memory",
    } as const;
    const source = createTokenSource(args);
    const ways: Readonly<Record<string, Work>> = {
      "getToken() of a token source": () => source.getToken(),
      "getIamToken() of the SDK": () => getIamToken(args),
    };
    const works = { "bare await": BARE, ...ways };
    await Promise.all(Object.values(works).map((work) => work()));
    const best = Object.fromEntries(Object.keys(works).map((name) => [name, Infinity]));
    // In turns, so that a machine that is busy for a while is busy for all of them.
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [name, work] of Object.entries(works))
        best[name] = Math.min(best[name] ?? Infinity, await timeOf(work, calls));
    const bare = best["bare await"] ?? 0;
    const report = (microseconds: number) => ({ microseconds, bareAwaits: microseconds / bare });
    return Object.fromEntries(
      Object.entries(best).map(([name, microseconds]) => [name, report(microseconds)]),
    );
  } finally {
    await emulator.close();
  }
}

async function timeOf(work: Work, calls: number): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) await work();
  return ((performance.now() - start) / calls) * 1000;
}
