import { expect } from "chai";
import { warnAt, warning } from "../../../provider/terraform/yciam/renewal";

const NOW = Date.parse("2026-11-24T10:00:00Z");
const MINUTE = 60_000;
const at = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();

describe("terraform renewal", () => {
  it("is due ten minutes before a token dies, or at the middle of a shorter life", () => {
    expect(warnAt(at(720), NOW)?.toISOString()).to.equal(at(710));
    expect(warnAt(at(20), NOW)?.toISOString()).to.equal(at(10));
    expect(warnAt(at(12), NOW)?.toISOString()).to.equal(at(6));
  });

  it("is due within the longest life where the clock here is slow", () => {
    expect(warnAt(at(725), NOW)?.toISOString()).to.equal(at(710));
    expect(warnAt(at(2000), NOW)?.toISOString()).to.equal(at(710));
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
