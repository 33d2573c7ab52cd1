import { expect } from "chai";
import { warnAt, warning } from "../../../provider/terraform/yciam/renewal";

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

  it("tells when the token dies and what then, and comes again at that time", () => {
    const { summary, detail, next } = warning(at(10), NOW);
    expect(summary).to.equal("IAM Token Will Die Soon");
    expect(detail).to.match(/^It dies at 2026-11-24T10:10:00\.000Z, in 10m\. .*cannot hand another one/);
    expect(next?.toISOString()).to.equal(at(10));
  });

  it("tells that it has died, and comes no more", () => {
    const { summary, detail, next } = warning(at(0), NOW);
    expect(summary).to.equal("IAM Token Has Died");
    expect(detail).to.match(/^It died at 2026-11-24T10:00:00\.000Z\. .*Run this again\.$/);
    expect(next).to.equal(undefined);
  });
});
