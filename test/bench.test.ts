import { expect } from "chai";
import { runLoad } from "../bench/load";

describe("the benchmark", () => {
  it("hands out no token below the promise under load, in a short run", async function () {
    this.timeout(30_000);
    const { calls, broken, failed, exchanges } = await runLoad(2000, 7);
    expect({ calls, broken, failed }).to.deep.equal({ calls: 14_000, broken: 0, failed: 0 });
    expect(exchanges).to.be.within(2, 3);
  });
});
