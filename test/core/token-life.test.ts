import { expect } from "chai";
import { ServerClock } from "../../provider/core/clock";
import { unavailable } from "../../provider/core/resolver";
import { Secret } from "../../provider/core/secret";
import { isYoung, lasts, outlives, remainingMs } from "../../provider/core/token-life";
import { TokenState } from "../../provider/core/token-state";
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

describe("core/token-state", () => {
  it("keeps the better of two tokens", () => {
    const state = new TokenState(at(NOON).clock);
    const [long, short, older] = [
      entry(NOON + 12 * HOUR),
      entry(NOON + HOUR),
      entry(NOON + 12 * HOUR, NOON - HOUR),
    ];
    expect(state.keep(short)).to.equal(short);
    expect(state.keep(long)).to.equal(long);
    expect(state.keep(short)).to.equal(long);
    expect(state.keep(older)).to.equal(long);
  });

  it("keeps a token that came under a clock which was ahead for no longer than until the next one comes", () => {
    const state = new TokenState(at(NOON).clock);
    const [early, next] = [entry(NOON + 12 * HOUR, NOON + 5 * HOUR), entry(NOON + 12 * HOUR)];
    state.keep(early);
    expect(state.keep(next)).to.equal(next);
  });

  it("keeps no token that seems to live longer than one can, when another comes", () => {
    const state = new TokenState(at(NOON).clock);
    const next = entry(NOON + HOUR);
    state.keep(entry(NOON + 20 * HOUR));
    expect(state.keep(next)).to.equal(next);
  });

  it("pauses for seconds, and not for hours when the server turns out to be behind", () => {
    let now = NOON;
    const clock = new ServerClock(
      () => now,
      () => now - NOON,
    );
    const state = new TokenState(clock);
    expect([state.pause(), state.pause(), state.isPausing]).to.deep.equal([true, false, true]);
    now += 14_999;
    expect(state.isPausing).to.equal(true);
    now += 1;
    expect(state.isPausing).to.equal(false);
    state.pause();
    clock.observe(NOON - HOUR);
    expect(state.isPausing).to.equal(false);
  });

  it("remembers for a second that nobody answers", () => {
    let now = NOON;
    const state = new TokenState(
      new ServerClock(
        () => now,
        () => now - NOON,
      ),
    );
    const answer = unavailable("nobody answers", "go there");
    expect(state.absent).to.equal(undefined);
    state.absent = answer;
    now += 999;
    expect(state.absent).to.equal(answer);
    now += 1;
    expect(state.absent).to.equal(undefined);
    state.absent = answer;
    state.absent = undefined;
    expect(state.absent).to.equal(undefined);
  });
});
