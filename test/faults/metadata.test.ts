import { expect } from "chai";
import type { AppConfig } from "../../provider/core/chain/selection";
import { startTrial, type Trial } from "./iam";

const MINUTE = 60_000;
/** Half of what the service grants a whole VM; other programs run there too. */
const MOST_PER_SECOND = 30;

describe("faults: the metadata service", () => {
  let trial: Trial;
  let now: number;
  const named: AppConfig = { serviceAccountKey: undefined, resolvers: ["instanceMetadata"] };
  const chained: AppConfig = { serviceAccountKey: undefined, resolvers: ["instanceMetadata", "ycProfile"] };
  beforeEach(async () => {
    now = Date.now();
    trial = await startTrial({ now: () => now }, { now: () => now, monotonic: () => performance.now() });
  });
  afterEach(() => trial.close());

  const situations: readonly [string, AppConfig, () => void][] = [
    ["when it works", named, () => undefined],
    [
      "when its token is always too short",
      { ...named, minRemainingValidity: "12h" },
      () => (trial.emulator.tokenLifetimeMs = 60 * MINUTE),
    ],
    ["when it has no account", named, () => trial.emulator.faults.inject({ status: 404, times: Infinity })],
    [
      "when it has no account, in a chain",
      chained,
      () => trial.emulator.faults.inject({ status: 404, times: Infinity }),
    ],
    ["when it fails", named, () => trial.emulator.faults.inject({ status: 503, times: Infinity })],
    [
      "when it asks for calm, wrongly",
      named,
      () => trial.emulator.faults.inject({ status: 429, retryAfter: 0, times: Infinity }),
    ],
    [
      "when it fails, in a chain",
      chained,
      () => trial.emulator.faults.inject({ status: 503, times: Infinity }),
    ],
    ["without a cache", { ...named, cache: "none" }, () => undefined],
    ["when it is explained", named, () => undefined],
  ];
  for (const [title, config, spoil] of situations) {
    it(`is asked far less than its limit, whatever the program does: ${title}`, async () => {
      spoil();
      const calls = { made: 0 };
      const end = performance.now() + 1500;
      const caller = async () => {
        while (performance.now() < end) {
          calls.made += 1;
          const call = title.includes("explained")
            ? trial.explain(config)
            : trial.get({ ...config, timeout: "1s" });
          await call.catch(() => undefined);
          await new Promise(setImmediate);
        }
      };
      await Promise.all(Array.from({ length: 20 }, caller));
      expect(calls.made).to.be.above(20);
      expect(trial.emulator.requests.length).to.be.within(1, 1.5 * MOST_PER_SECOND);
    });
  }

  it("is asked once for all who ask at the same moment, without a cache too", async () => {
    trial.emulator.faults.inject({ headersDelayMs: 500 });
    const calls = Array.from({ length: 50 }, () => trial.get({ ...named, cache: "none" }));
    expect(new Set((await Promise.all(calls)).map(({ fingerprint }) => fingerprint)).size).to.equal(1);
    expect(trial.emulator.requests).to.have.length(1);
  });

  it("that has no account costs many calls in a row one request a second, not each its own", async () => {
    trial.emulator.faults.inject({ status: 404, times: Infinity });
    for (let call = 0; call < 20; call += 1) await trial.get(chained).catch(() => undefined);
    expect(trial.emulator.requests).to.have.length(1);
    // A second, and what the steady clock was ahead of this one that stands still.
    now += 1200;
    await trial.get(chained).catch(() => undefined);
    expect(trial.emulator.requests).to.have.length(2);
  });

  it("is asked again when its token is near its end, and gives what then is another one", async () => {
    const first = await trial.get(named);
    now += 11 * 60 * MINUTE + 55 * MINUTE;
    const second = await trial.get(named);
    expect(second.fingerprint).not.to.equal(first.fingerprint);
  });

  it("that falls silent in the middle of a run is an error, never a change of identity", async () => {
    const config = { ...chained, timeout: "2s" };
    await trial.get(config);
    now += 13 * 60 * MINUTE;
    trial.emulator.faults.inject({ status: 404, times: Infinity });
    const error = await trial.failure(config);
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect(error.message).to.match(
      /^the credential that gave tokens so far gives none any more: no service account is attached to this instance\. To mend that: attach/,
    );
  });
});
