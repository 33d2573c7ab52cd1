import { expect } from "chai";
import { Recent } from "../../../provider/core/token/recent";

describe("core/token/recent", () => {
  it("keeps a bounded number of things; what was not asked for the longest goes first", () => {
    const recent = new Recent<string>(2);
    const made: string[] = [];
    for (const name of ["a", "b", "a", "c", "a", "b", "b", "a"]) {
      if (recent.get(name) !== undefined) continue;
      made.push(recent.add(name, name));
    }
    expect(made).to.deep.equal(["a", "b", "c", "b"]);
    expect([...recent.values()]).to.deep.equal(["b", "a"]);
  });
});
