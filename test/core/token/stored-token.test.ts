import { expect } from "chai";
import fc from "fast-check";
import { Secret } from "../../../provider/core/words/secret";
import { parseEntry, serializeEntry } from "../../../provider/core/token/stored-token";

const NOON = Date.UTC(2026, 10, 24, 12);
const whole = { token: new Secret("t1.a.b"), expiresAt: NOON + 1000, issuedAt: NOON, subjectId: "aje" };

describe("core/stored-token", () => {
  it("reads back what was written", () => {
    const read = parseEntry(serializeEntry({ token: whole, obtainedAt: NOON }, 300_000));
    expect(read?.token.token.reveal()).to.equal("t1.a.b");
    expect(read).to.deep.include({ obtainedAt: NOON, offsetMs: 300_000 });
    expect({ ...read?.token, token: "" }).to.deep.equal({ ...whole, token: "" });
  });

  it("reads a token without an owner, and one from before offsets were written", () => {
    const { expiresAt } = whole;
    const read = parseEntry(JSON.stringify({ token: "t1.a.b", expiresAt, obtainedAt: NOON }));
    expect([read?.token.subjectId, read?.token.issuedAt, read?.offsetMs]).to.deep.equal([
      undefined,
      undefined,
      0,
    ]);
  });

  const good = { token: "t1.a.b", expiresAt: NOON, obtainedAt: NOON };
  const misses: readonly (string | undefined)[] = [
    undefined,
    "",
    "not JSON",
    "null",
    "[]",
    "1",
    ...[
      { token: "" },
      { token: 1 },
      { expiresAt: "2026-11-24T12:00:00Z" },
      { expiresAt: undefined },
      { expiresAt: -1 },
      { obtainedAt: null },
    ].map((change) => JSON.stringify({ ...good, ...change })),
  ];
  for (const text of misses) {
    it(`takes ${text ?? "nothing"} for a miss`, () => {
      expect(parseEntry(text)).to.equal(undefined);
    });
  }

  it("never fails, whatever is found", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => (parseEntry(text), true)));
  });
});
