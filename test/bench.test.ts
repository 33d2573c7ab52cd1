import { expect } from "chai";
import { standings } from "../bench/aims";
import { compare, MS, type Result } from "../bench/comparison";
import { median, ratioOf, valueOf } from "../bench/figures";
import { runLoad, timeBySteps } from "../bench/load";
import { plotOf } from "../bench/report/plot";
import { sectionOf } from "../bench/report/table";

/** Ways whose runs come to these, the first of which does not count; and one that is absent. */
async function resultOf(runs: Readonly<Record<string, readonly number[]>>, less?: string): Promise<Result> {
  const ways = Object.entries(runs).map(([name, values]) => {
    const left = [...values];
    return { name, run: async () => ({ ms: left.shift() ?? NaN }) };
  });
  const absent = { name: "absent", run: () => Promise.reject(new Error("it ended\n Error: no luck\nmore")) };
  const comparison = { id: "it", title: "Some `way`", base: "base", measures: [MS], ways: [...ways, absent] };
  return compare({ ...comparison, ...(less && { less }) }, 3);
}

describe("the benchmark", () => {
  const pair = { id: "it", base: "base", ours: "ours", key: "ms" };

  it("takes medians, and ratios of each round's own two runs", async () => {
    const result = await resultOf({ base: [9, 2, 20, 200], ours: [9, 1, 100, 40] });
    const medians = [median([3, 1, 2]), median([4, 1, 2, 9]), valueOf(result, "ours", "ms")];
    expect([...medians, ratioOf(result, pair)]).to.deep.equal([2, 3, 40, 0.5]);
    const alone = await resultOf({ alone: [9, 1, 1, 1], base: [9, 2, 3, 4], ours: [9, 7, 6, 8] }, "alone");
    expect(ratioOf(alone, { ...pair, less: "alone" })).to.equal(3);
    expect(ratioOf(result, { ...pair, ours: "absent" })).to.equal(undefined);
  });

  it("says how an aim stands, whichever side of its bounds is the better one", async () => {
    const result = await resultOf({ base: [1, 1, 1, 1], ours: [2, 2, 2, 2] });
    // prettier-ignore
    const bounds = [[3, 2], [2, 1], [1, 0.5], [1, 2], [2, 4], [3, 4]] as const;
    const aims = bounds.map(([least, aim]) => ({ ...pair, title: "", bounds: { least, aim } }));
    const twice = ["aim", "at least", "missed"];
    expect(standings([result], aims).map(({ reached }) => reached)).to.deep.equal([...twice, ...twice]);
  });

  it("prints and plots every way that ran, and says why one did not", async () => {
    const result = await resultOf({ base: [1, 1000, 1000, 1000], "yciam <x>": [1, 1234.4, 1234.4, 1234.4] });
    expect(sectionOf(result))
      .to.match(/^\| yciam <x> \| 1,234 \| 1\.23 \|$/m)
      .and.match(/^\| absent {4}\| {5}- \| {4}- \|$/m)
      .and.contain("absent (failed: Error: no luck).");
    const plot = plotOf([result]);
    expect(plot).to.contain("yciam &lt;x>").and.contain("x 1.23  (1,234)").and.not.contain("absent");
    expect(plot.match(/(?<=<rect class=")\w+/g)).to.deep.equal(["back", "peer", "ours"]);
  });

  it("S3: hands out no token below the promise under load, in a short run", async function () {
    this.timeout(600_000);
    const report = await runLoad({ perSecond: 4000, seconds: 28, time: timeBySteps() });
    const { calls, broken, failed, tooShort, exchanges, bytesPerCall } = report;
    expect({ calls, broken, failed }).to.deep.equal({ calls: 112_000, broken: 0, failed: 0 });
    // IAM was away for longer than the old token could do.
    expect(tooShort).to.be.within(4000, 40_000);
    expect(exchanges).to.be.within(4, 10);
    // Four megabytes are code and the emulator's own log, however many calls there are.
    expect(bytesPerCall).to.be.below(60);
  });
});
