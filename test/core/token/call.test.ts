import { expect } from "chai";
import { getEventListeners } from "node:events";
import { startCall, within } from "../../../provider/core/token/call";
import { ServiceError } from "../../../provider/core/words/errors";
import { failureOf as endOf } from "../../support/failure";

const never = new Promise<never>(() => undefined);

describe("core/call", () => {
  it("counts its time down, and never below nothing", async () => {
    const call = startCall(new AbortController().signal, 400);
    expect(call.remaining()).to.be.within(1, 400);
    await new Promise((done) => setTimeout(done, 410));
    expect(call.remaining()).to.equal(0);
  });

  it("ends when the time is up, and says which option to raise", async () => {
    const start = performance.now();
    const error = await endOf(within(startCall(new AbortController().signal, 50), never));
    expect(performance.now() - start).to.be.within(45, 5000);
    expect(error).to.be.instanceOf(ServiceError).with.property("failure", "timeout");
    expect(error.message).to.equal(
      "no token came within the time allowed. Raise timeout if the service is just slow.",
    );
  });

  it("ends with the abort's reason, at once", async () => {
    const controller = new AbortController();
    const pending = endOf(within(startCall(controller.signal, 1000), never));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await pending).to.equal(reason);
    expect(await endOf(within(startCall(controller.signal, 1000), Promise.resolve(1)))).to.equal(reason);
    // A rejection that nobody hears would end the process.
    const unheard: unknown[] = [];
    const hear = (error: unknown) => void unheard.push(error);
    process.on("unhandledRejection", hear);
    const late = Promise.reject(new Error("late"));
    expect(await endOf(within(startCall(controller.signal, 1000), late))).to.equal(reason);
    await new Promise(setImmediate);
    process.off("unhandledRejection", hear);
    expect(unheard).to.deep.equal([]);
  });

  it("leaves no listener and no timer behind; who wait by one signal have one listener", async () => {
    const controller = new AbortController();
    const listeners = () => getEventListeners(controller.signal, "abort").length;
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // The runner's own timer begins when the test first waits.
    await Promise.resolve();
    await new Promise((done) => setImmediate(done));
    const before = timers();
    for (let count = 0; count < 50; count += 1)
      await within(startCall(controller.signal, 60_000), Promise.resolve(1));
    const many = Array.from({ length: 50 }, (_, id) =>
      within(startCall(controller.signal, 60_000), Promise.resolve(id)),
    );
    expect([listeners(), (await Promise.all(many)).length, listeners()]).to.deep.equal([1, 50, 0]);
    expect(timers()).to.be.at.most(before);
  });
});
