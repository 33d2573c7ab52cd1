import { expect } from "chai";
import { startCall } from "../../../provider/core/token/call";
import { Gate, Pace } from "../../../provider/core/token/pace";

const call = (signal = new AbortController().signal) => startCall(signal, 5000);

describe("core/pace", () => {
  it("lets the first begin at once, and each after it an interval later", async () => {
    const pace = new Pace(60);
    const start = performance.now();
    const signal = new AbortController().signal;
    const begun = await Promise.all(
      [1, 2, 3].map(() => pace.turn(signal).then(() => performance.now() - start)),
    );
    const [first = 0, second = 0, third = 0] = begun;
    expect(first).to.be.below(second);
    expect(second).to.be.within(55, 2000);
    expect(third).to.be.within(115, 2000);
  });

  it("loses no time to those who gave up while they waited", async () => {
    const pace = new Pace(100);
    await pace.turn(new AbortController().signal);
    const controller = new AbortController();
    const left = Array.from({ length: 60 }, () => pace.turn(controller.signal).catch(() => "left"));
    controller.abort();
    const start = performance.now();
    await pace.turn(new AbortController().signal);
    expect(performance.now() - start).to.be.below(3000);
    expect(new Set(await Promise.all(left))).to.deep.equal(new Set(["left"]));
  });

  it("gives a turn up when its caller has left", async () => {
    const pace = new Pace(10_000);
    const controller = new AbortController();
    await pace.turn(controller.signal);
    const waiting = pace.turn(controller.signal).catch((error: Error) => error.name);
    controller.abort();
    expect(await waiting).to.equal("AbortError");
  });
});

describe("core/pace, a gate", () => {
  it("makes one request of equal ones at the same time, and keeps others apart", async () => {
    const gate = new Gate<string>(1);
    const asked: string[] = [];
    const ask = (name: string) =>
      gate.pass(name, call(), async () => (asked.push(name), `answer to ${name}`));
    expect(await Promise.all(["a", "a", "b", "a"].map(ask))).to.deep.equal([
      "answer to a",
      "answer to a",
      "answer to b",
      "answer to a",
    ]);
    expect(asked).to.deep.equal(["a", "b"]);
  });

  it("keeps no answer and no failure", async () => {
    const gate = new Gate<string>(1);
    const fails = async () => Promise.reject(new Error("no"));
    expect(await gate.pass("a", call(), fails).catch((error: Error) => error.message)).to.equal("no");
    expect(await gate.pass("a", call(), async () => "yes")).to.equal("yes");
  });
});
