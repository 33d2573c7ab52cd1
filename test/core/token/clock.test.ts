import { expect } from "chai";
import { ServerClock } from "../../../provider/core/token/clock";

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;

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

describe("core/clock", () => {
  it("goes by the host until a server says otherwise", () => {
    const { clock, pass } = host();
    expect([clock.now(), clock.offsetMs]).to.deep.equal([NOON, 0]);
    pass(5000);
    expect(clock.now()).to.equal(NOON + 5000);
  });

  for (const [how, offset] of [
    ["slow", 5 * 60_000],
    ["fast", -5 * 60_000],
  ] as const) {
    it(`corrects a host that is five minutes ${how}`, () => {
      const { clock, pass } = host(NOON - offset);
      expect(clock.observe(NOON)).to.equal(true);
      expect([clock.now(), clock.offsetMs]).to.deep.equal([NOON, offset]);
      pass(HOUR);
      expect(clock.now()).to.equal(NOON + HOUR);
    });
  }

  it("takes a few seconds for noise: the header has whole seconds, and travels", () => {
    const { clock } = host();
    for (const noise of [-4999, -1, 0, 1, 4999]) {
      expect(clock.observe(NOON + noise)).to.equal(false);
      expect(clock.offsetMs).to.equal(0);
    }
    expect(clock.observe(NOON + 5000)).to.equal(true);
  });

  it("does not report again what it knows already", () => {
    const { clock, pass } = host(NOON - HOUR);
    expect(clock.observe(NOON)).to.equal(true);
    pass(1000);
    expect(clock.observe(NOON + 1000)).to.equal(false);
    expect(clock.observe(NOON + 3000)).to.equal(false);
  });

  it("gives the correction up when the host's clock has been set right", () => {
    const { clock, set } = host(NOON - HOUR);
    clock.observe(NOON);
    set(NOON);
    expect(clock.observe(NOON)).to.equal(true);
    expect([clock.now(), clock.offsetMs]).to.deep.equal([NOON, 0]);
  });

  it("learns nothing from a reply without a date", () => {
    const { clock } = host();
    expect(clock.observe(undefined)).to.equal(false);
    expect(clock.now()).to.equal(NOON);
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

  it("runs on while the machine sleeps, when only the wall clock does", () => {
    const { clock, set } = host();
    clock.observe(NOON);
    set(NOON + 8 * HOUR);
    expect(clock.now()).to.equal(NOON + 8 * HOUR);
  });

  it("takes over another process's correction only when it makes tokens look older", () => {
    const ahead = host();
    ahead.clock.presume(HOUR);
    expect(ahead.clock.now()).to.equal(NOON + HOUR);
    const behind = host();
    behind.clock.presume(-HOUR);
    expect(behind.clock.now()).to.equal(NOON);
  });

  it("drops such a guess when a server speaks, and takes none after that", () => {
    const { clock } = host();
    clock.presume(HOUR);
    clock.observe(NOON);
    expect(clock.offsetMs).to.equal(0);
    clock.presume(HOUR);
    expect(clock.offsetMs).to.equal(0);
  });
});
