import { expect } from "chai";
import { ServerClock } from "../../../provider/core/token/clock";
import { Secret } from "../../../provider/core/words/secret";
import { isYoung, lasts, outlives, remainingMs } from "../../../provider/core/token/token-life";
import { HOUR, MINUTE, NOON } from "./token-world";

const policy = { minRemainingMs: 10 * MINUTE, refreshAfterMs: HOUR };
const at = (now: number) => ({
  policy,
  clock: new ServerClock(
    () => now,
    () => 0,
  ),
});
const entry = (expiresAt?: number, obtainedAt = NOON) => ({
  obtainedAt,
  token: { token: new Secret("t"), ...(expiresAt === undefined ? {} : { expiresAt }) },
});

describe("core/token-life", () => {
  it("counts what is left by the server's clock; of a token of unknown life, nothing is known", () => {
    expect(remainingMs(entry(NOON + HOUR), at(NOON).clock)).to.equal(HOUR);
    expect(remainingMs(entry(), at(NOON).clock)).to.equal(undefined);
    expect(lasts(entry(), at(NOON))).to.equal(true);
  });

  it("hands out what lives as long as asked, and nothing that lives longer than a token can", () => {
    const left = (ms: number) => lasts(entry(NOON + ms), at(NOON));
    expect([10 * MINUTE, 12 * HOUR, 12 * HOUR + MINUTE].map(left)).to.deep.equal([true, true, true]);
    expect([0, 10 * MINUTE - 1, 12 * HOUR + MINUTE + 1].map(left)).to.deep.equal([false, false, false]);
  });

  it("takes for young what is younger than refreshAfter, and nothing from the future", () => {
    const aged = (ms: number) => isYoung(entry(NOON + 12 * HOUR, NOON - ms), at(NOON));
    expect([0, HOUR - 1, -MINUTE + 1].map(aged)).to.deep.equal([true, true, true]);
    expect([HOUR, -MINUTE].map(aged)).to.deep.equal([false, false]);
  });

  it("tells that one outlives another only when it is sure", () => {
    expect(outlives(entry(NOON + MINUTE + 1), entry(NOON))).to.equal(true);
    expect(outlives(entry(NOON + MINUTE), entry(NOON))).to.equal(false);
    expect([outlives(entry(), entry(NOON)), outlives(entry(NOON), entry())]).to.deep.equal([false, false]);
  });
});
