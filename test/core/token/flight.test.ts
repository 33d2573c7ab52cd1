import { expect } from "chai";
import { type Call, startCall } from "../../../provider/core/token/call";
import { ServiceError } from "../../../provider/core/words/errors";
import { Flight } from "../../../provider/core/token/flight";
import { failureOf as endOf } from "../../support/failure";

/** Work under a test's control: each start is kept, with what ends it. */
function workbench() {
  const started: { call: Call; finish: (value: string) => void; fail: (reason: Error) => void }[] = [];
  const start = (call: Call) =>
    new Promise<string>((finish, fail) => {
      started.push({ call, finish, fail });
      call.signal.addEventListener("abort", () => fail(call.signal.reason as Error));
    });
  return { started, start };
}

const call = (timeoutMs = 5000, signal = new AbortController().signal) => startCall(signal, timeoutMs);
const soon = () => new Promise((done) => setImmediate(done));

describe("core/flight", () => {
  let { started, start } = workbench();
  let flight = new Flight<string>();
  beforeEach(() => {
    ({ started, start } = workbench());
    flight = new Flight<string>();
  });

  it("does the work once for all who ask while it runs", async () => {
    const results = Array.from({ length: 1000 }, () => flight.join(call(), start));
    expect(started).to.have.length(1);
    started[0]?.finish("one");
    expect(new Set(await Promise.all(results))).to.deep.equal(new Set(["one"]));
  });

  it("tells everyone of a failure, and keeps neither that nor a result for who comes later", async () => {
    const waiting = [1, 2, 3].map(() => endOf(flight.join(call(), start)));
    const reason = new Error("no");
    started[0]?.fail(reason);
    expect(await Promise.all(waiting)).to.deep.equal([reason, reason, reason]);
    expect(started).to.have.length(1);
    for (const [at, text] of [[1, "two"] as const, [2, "three"] as const]) {
      const next = flight.join(call(), start);
      started[at]?.finish(text);
      expect(await next).to.equal(text);
    }
  });

  it("keeps an outcome for none who asks while others are still to be told of it", async () => {
    const { started, start } = workbench();
    const flight = new Flight<string>();
    const first = flight.join(call(), start);
    const second = flight.join(call(), start);
    const later = first.then(() => flight.join(call(), start));
    started[0]?.finish("one");
    expect(await second).to.equal("one");
    await soon();
    started[1]?.finish("two");
    expect(await later).to.equal("two");
  });

  it("goes on when one of two leaves, and is aborted when the last has left", async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const first = endOf(flight.join(call(5000, one.signal), start));
    const second = endOf(flight.join(call(5000, two.signal), start));
    one.abort("one has left");
    expect(await first).to.equal("one has left");
    expect(started[0]?.call.signal.aborted).to.equal(false);
    two.abort("two has left");
    expect(await second).to.equal("two has left");
    expect(started[0]?.call.signal.aborted).to.equal(true);
  });

  it("starts anew for who comes after the last has left, though the old work may still run", async () => {
    const one = new AbortController();
    const first = endOf(flight.join(call(5000, one.signal), start));
    one.abort("left");
    await first;
    const second = flight.join(call(), start);
    expect(started).to.have.length(2);
    started[1]?.finish("two");
    expect(await second).to.equal("two");
  });

  it("begins nothing for a caller who was aborted before", async () => {
    expect(await endOf(flight.join(call(5000, AbortSignal.abort("gone")), start))).to.equal("gone");
    expect(started.every(({ call }) => call.signal.aborted)).to.equal(true);
  });

  it("is started again by a caller with more time, when the time of the first is up", async () => {
    const first = endOf(flight.join(call(40), start));
    const second = flight.join(call(5000), start);
    expect(await first).to.be.instanceOf(ServiceError);
    // What runs on the first caller's time ends with it.
    started[0]?.fail(new ServiceError("out of time", "timeout"));
    await soon();
    expect(started).to.have.length(2);
    expect(started[1]?.call.remaining()).to.be.above(4000);
    started[1]?.finish("two");
    expect(await second).to.equal("two");
  });

  it("is not started again by hundreds, one after the other, when the service itself does not answer", async () => {
    const waiting = Array.from({ length: 300 }, () => endOf(flight.join(call(), start)));
    started[0]?.fail(new ServiceError("no connection in time", "timeout"));
    const ends = await Promise.all(waiting);
    expect(started).to.have.length(1);
    expect(ends.every((end) => end instanceof ServiceError)).to.equal(true);
  });

  it("is not started again for the few moments by which equal callers differ", async () => {
    const failing = (shared: Call) =>
      new Promise<string>((_, fail) => {
        void start(shared).catch(() => undefined);
        setTimeout(() => fail(new ServiceError("out of time", "timeout")), shared.remaining());
      });
    const waiting = Array.from({ length: 300 }, () => endOf(flight.join(call(60), failing)));
    await Promise.all(waiting);
    expect(started).to.have.length(1);
  });
});
