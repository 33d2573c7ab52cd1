import { expect } from "chai";
import { ServerClock } from "../../../provider/core/token/clock";
import { unavailable } from "../../../provider/core/chain/resolver";
import { Secret } from "../../../provider/core/words/secret";
import { TokenState } from "../../../provider/core/token/token-state";
import { HOUR, NOON } from "./token-world";

const stopped = (now: number) =>
  new ServerClock(
    () => now,
    () => 0,
  );
const entry = (expiresAt: number, obtainedAt = NOON) => ({
  obtainedAt,
  token: { token: new Secret("t"), expiresAt },
});

describe("core/token-state", () => {
  it("keeps the better of two tokens", () => {
    const state = new TokenState(stopped(NOON));
    const [long, short, older] = [
      entry(NOON + 12 * HOUR),
      entry(NOON + HOUR),
      entry(NOON + 12 * HOUR, NOON - HOUR),
    ];
    expect(state.keep(short)).to.equal(short);
    expect(state.keep(long)).to.equal(long);
    // Asked a moment later, the service gave the worse one: it was asked all the same.
    const { token, obtainedAt } = state.keep({ ...short, obtainedAt: NOON + 1 });
    expect([token, obtainedAt]).to.deep.equal([long.token, NOON + 1]);
    expect(state.keep(older).token).to.equal(long.token);
  });

  it("keeps a token that came under a clock which was ahead for no longer than until the next one comes", () => {
    const state = new TokenState(stopped(NOON));
    const [early, next] = [entry(NOON + 12 * HOUR, NOON + 5 * HOUR), entry(NOON + 12 * HOUR)];
    state.keep(early);
    expect(state.keep(next)).to.equal(next);
  });

  it("keeps no token that seems to live longer than one can, when another comes", () => {
    const state = new TokenState(stopped(NOON));
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

  it("makes no pause of hours of one of seconds when a clock that was ahead is put right", () => {
    const clock = new ServerClock(
      () => NOON + 24 * HOUR,
      () => 0,
    );
    const state = new TokenState(clock);
    expect(state.pause()).to.equal(true);
    state.absent = unavailable("nobody answers", "do something");
    expect([state.isPausing, state.absent === undefined, state.pause()]).to.deep.equal([true, false, false]);
    clock.observe(NOON);
    expect([state.isPausing, state.absent, state.pause()]).to.deep.equal([false, undefined, true]);
  });
});
