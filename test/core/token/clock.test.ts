import { expect } from "chai";
import { ServerClock } from "../../../provider/core/token/clock";

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
/** The header has whole seconds, and travels. */
const SLACK = 2000;

/** A host with two clocks: the one on the wall can be set, the other only runs. */
function host(wall = NOON) {
  const clocks = { wall, monotonic: 1000 };
  return {
    clock: new ServerClock(
      () => clocks.wall,
      () => clocks.monotonic,
    ),
    /** Time that really passes. */
    pass: (ms: number) => {
      clocks.wall += ms;
      clocks.monotonic += ms;
    },
    /** Somebody sets the wall clock. */
    set: (wall: number) => {
      clocks.wall = wall;
    },
  };
}

describe("core/token/clock", () => {
  for (const [how, offset] of [
    ["slow", 5 * 60_000],
    ["fast", -5 * 60_000],
  ] as const) {
    it(`corrects a host that is five minutes ${how}, and says so once`, () => {
      const { clock, pass } = host(NOON - offset);
      expect(clock.observe(NOON)).to.equal(true);
      expect(clock.now()).to.be.within(NOON, NOON + SLACK);
      expect(clock.isHostWrong).to.equal(true);
      pass(HOUR);
      expect(clock.now()).to.be.within(NOON + HOUR, NOON + HOUR + SLACK);
      for (const date of [NOON + HOUR, NOON + HOUR + 2000, undefined])
        expect(clock.observe(date)).to.equal(false);
    });
  }

  it("L4: moves as little as agrees with the header, which has whole seconds and travels", () => {
    for (const ahead of [-1999, -1000, -1, 0]) {
      const { clock } = host();
      expect(clock.observe(NOON + ahead)).to.equal(false);
      expect([clock.offsetMs, clock.now()]).to.deep.equal([0, NOON]);
    }
    for (const ahead of [1, 4000, 5000, HOUR]) {
      const { clock } = host();
      expect(clock.observe(NOON + ahead)).to.equal(ahead >= 5000);
      expect([clock.offsetMs, clock.now()]).to.deep.equal([ahead, NOON + ahead]);
    }
  });

  it("L3: takes a wall clock that is set in the middle of a request as it is from then on", () => {
    const { clock, pass, set } = host(NOON - 3 * HOUR);
    pass(100);
    set(NOON + 200);
    expect(clock.observe(NOON)).to.equal(false);
    expect([clock.offsetMs, clock.now()]).to.deep.equal([0, NOON + 200]);
  });

  it("gives the correction up when the host's clock has been set right", () => {
    const { clock, set } = host(NOON - HOUR);
    clock.observe(NOON);
    set(NOON);
    expect(clock.observe(NOON)).to.equal(true);
    expect(clock.now()).to.be.within(NOON, NOON + SLACK);
    expect(clock.isHostWrong).to.equal(false);
  });

  it("never runs behind the server, even when the host's clock is set back: the dead stay dead", () => {
    const { clock, pass, set } = host();
    clock.observe(NOON);
    pass(HOUR);
    set(NOON - 24 * HOUR);
    expect(clock.now()).to.equal(NOON + HOUR);
    pass(HOUR);
    expect(clock.now()).to.equal(NOON + 2 * HOUR);
  });

  it("runs no faster for a program that looks at it often: the host's clock has whole milliseconds", () => {
    let time = NOON;
    const clock = new ServerClock(
      () => Math.floor(time),
      () => time,
    );
    for (; time < NOON + 5000; time += 0.3) clock.now();
    expect(clock.now() - time).to.be.within(-1, 0);
    expect(clock.offsetMs).to.equal(0);
  });

  it("makes up for many small steps back as for a large one", () => {
    const { clock, pass, set } = host();
    clock.observe(NOON);
    for (let step = 1; step <= 20; step += 1) {
      pass(1000);
      set(NOON + step * 950);
      expect(clock.now()).to.equal(NOON + step * 1000);
    }
    expect(clock.offsetMs).to.be.within(900, 1000);
  });

  it("takes over another process's correction only when it makes tokens look older, and until a server speaks", () => {
    const { clock } = host();
    clock.presume(-HOUR);
    expect(clock.now()).to.equal(NOON);
    clock.presume(HOUR);
    expect(clock.now()).to.equal(NOON + HOUR);
    clock.observe(NOON);
    expect(clock.offsetMs).to.be.within(0, SLACK);
    clock.presume(HOUR);
    expect(clock.offsetMs).to.be.within(0, SLACK);
  });
});
