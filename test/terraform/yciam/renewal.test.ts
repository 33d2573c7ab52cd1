import { expect } from "chai";
import { warnAt } from "../../../provider/terraform/yciam/renewal";

const NOW = Date.parse("2026-11-24T10:00:00Z");
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe("terraform renewal", () => {
  it("is due ten minutes before a token dies, at the middle of a shorter life, and within the longest life", () => {
    const due = { 720: 710, 20: 10, 12: 6, 725: 710, 2000: 710 };
    for (const [end, when] of Object.entries(due))
      expect(warnAt(at(Number(end)), NOW)?.toISOString(), end).to.equal(at(when));
  });

  it("is never due where nobody knows when it dies, or it is dead", () => {
    for (const end of [undefined, at(-1), at(0), "soon"]) expect(warnAt(end, NOW)).to.equal(undefined);
  });
});
