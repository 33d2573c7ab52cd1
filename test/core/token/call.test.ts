import { expect } from "chai";
import { startCall, within } from "../../../provider/core/token/call";
import { ServiceError } from "../../../provider/core/words/errors";

const never = new Promise<never>(() => undefined);
const endOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it ended well"),
    (reason: unknown) => reason,
  );

describe("core/call", () => {
  it("counts its time down, and never below nothing", async () => {
    const call = startCall(new AbortController().signal, 400);
    expect(call.remaining()).to.be.within(1, 400);
    await new Promise((done) => setTimeout(done, 410));
    expect(call.remaining()).to.equal(0);
  });

  it("gives the work's own result or failure", async () => {
    const call = startCall(new AbortController().signal, 1000);
    expect(await within(call, Promise.resolve(7))).to.equal(7);
    const reason = new Error("no");
    expect(await endOf(within(call, Promise.reject(reason)))).to.equal(reason);
  });

  it("ends when the time is up, and says which option to raise", async () => {
    const start = performance.now();
    const error = await endOf(within(startCall(new AbortController().signal, 50), never));
    expect(performance.now() - start).to.be.within(45, 5000);
    expect(error).to.be.instanceOf(ServiceError).with.property("failure", "timeout");
    expect((error as Error).message).to.equal(
      "no token within the time allowed. Raise timeout if the service is just slow.",
    );
  });

  it("ends with the abort's reason, at once", async () => {
    const controller = new AbortController();
    const pending = endOf(within(startCall(controller.signal, 1000), never));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await pending).to.equal(reason);
    expect(await endOf(within(startCall(controller.signal, 1000), Promise.resolve(1)))).to.equal(reason);
  });

  it("leaves no listener and no timer behind", async () => {
    const controller = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // The runner's own timer begins when the test first waits.
    await Promise.resolve();
    await new Promise((done) => setImmediate(done));
    const before = timers();
    for (let count = 0; count < 50; count += 1)
      await within(startCall(controller.signal, 60_000), Promise.resolve(1));
    expect(timers()).to.be.at.most(before);
  });
});
