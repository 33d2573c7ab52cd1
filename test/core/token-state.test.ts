import { expect } from "chai";
import { ServerClock } from "../../provider/core/clock";
import { unavailable } from "../../provider/core/resolver";
import { TokenState } from "../../provider/core/token-state";

const NOON = Date.UTC(2026, 10, 24, 12);
const DAY = 24 * 3_600_000;

describe("core/token-state", () => {
  it("makes no pause of hours of one of seconds when a clock that was ahead is put right", () => {
    const clock = new ServerClock(
      () => NOON + DAY,
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
