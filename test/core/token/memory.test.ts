import { expect } from "chai";
import { Memory } from "../../../provider/core/token/memory";

describe("core/memory", () => {
  it("makes a thing once for each kind and key", () => {
    const memory = new Memory();
    const one = memory.recall("token", "a", () => ({}));
    expect(memory.recall("token", "a", () => ({}))).to.equal(one);
    expect(memory.recall("token", "b", () => ({}))).to.not.equal(one);
    expect(memory.recall("clock", "a", () => ({}))).to.not.equal(one);
  });

  it("remembers a bounded number of things; what was not asked for the longest goes first", () => {
    const memory = new Memory(2);
    const made: string[] = [];
    const recall = (key: string) => memory.recall("kind", key, () => made.push(key));
    ["a", "b", "a", "c", "a", "b", "b", "a"].forEach(recall);
    expect(made).to.deep.equal(["a", "b", "c", "b"]);
  });

  it("keeps nothing when making it failed", () => {
    const memory = new Memory();
    expect(() =>
      memory.recall("kind", "a", () => {
        throw new Error("no");
      }),
    ).to.throw("no");
    expect(memory.recall("kind", "a", () => 1)).to.equal(1);
  });
});
