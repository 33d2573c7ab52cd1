import { expect } from "chai";
import { runLoad, timeBySteps } from "../bench/load";

describe("the benchmark", () => {
  it("S3: hands out no token below the promise under load, in a short run", async function () {
    this.timeout(600_000);
    const report = await runLoad({ perSecond: 1000, seconds: 28, time: timeBySteps() });
    const { calls, broken, failed, tooShort, exchanges, bytesPerCall } = report;
    expect({ calls, broken, failed }).to.deep.equal({ calls: 28_000, broken: 0, failed: 0 });
    // IAM was away for longer than the old token could do.
    expect(tooShort).to.be.within(1000, 10_000);
    expect(exchanges).to.be.within(4, 10);
    // About 45 are code and the emulator's own log, however many calls there are.
    expect(bytesPerCall).to.be.below(120);
  });
});
