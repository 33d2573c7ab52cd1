import { expect } from "chai";
import { runLoad } from "../bench/load";

describe("the benchmark", () => {
  it("hands out no token below the promise under load, in a short run", async function () {
    this.timeout(30_000);
    const report = await runLoad({ perSecond: 4000, units: 28, unitMs: 250 });
    const { calls, broken, failed, tooShort, exchanges, bytesPerCall } = report;
    expect({ calls, broken, failed }).to.deep.equal({ calls: 28_000, broken: 0, failed: 0 });
    // IAM was away for longer than the old token could do.
    expect(tooShort).to.be.above(100);
    expect(exchanges).to.be.within(4, 10);
    // About 45 are code and the emulator's own log, however many calls there are.
    expect(bytesPerCall).to.be.below(120);
  });
});
