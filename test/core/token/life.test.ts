import { expect } from "chai";
import fc from "fast-check";
import { parseTime, readExpiresAt, readExpiresIn } from "../../../provider/core/token/life";
import { MAX_TOKEN_LIFE_MS } from "../../../provider/core/token/token";

const NOON = Date.UTC(2026, 10, 24, 12);

describe("core/token/life", () => {
  const times: readonly [string, number][] = [
    ["2026-11-24T12:00:00Z", NOON],
    ["2026-11-24t12:00:00z", NOON],
    ["2026-11-24T12:00:00.5Z", NOON + 500],
    ["2026-11-24T12:00:00.123456789Z", NOON + 123],
    ["2026-11-24T12:00:00.999999999Z", NOON + 999],
    ["2026-11-24T15:00:00+03:00", NOON],
    ["2026-11-24T06:30:00.25-05:30", NOON + 250],
  ];
  for (const [text, ms] of times) {
    it(`reads ${text}`, () => {
      expect(parseTime(text)).to.equal(ms);
    });
  }

  const strange: readonly unknown[] = [
    "2026-11-24T12:00:00",
    "2026-11-24 12:00:00Z",
    "2026-13-24T12:00:00Z",
    "2026-11-24T25:00:00Z",
    "2026-11-24T12:00:00.1234567890Z",
    "Tue, 24 Nov 2026 12:00:00 GMT",
    "1764000000",
    1764000000,
    undefined,
  ];
  for (const text of strange) {
    it(`does not take ${JSON.stringify(text) ?? "undefined"} for a time`, () => {
      expect(parseTime(text)).to.equal(undefined);
    });
  }

  it("reads back every time that a Date can write", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(NOON * 4), noInvalidDate: true }), (date) => {
        expect(parseTime(date.toISOString())).to.equal(date.getTime());
      }),
    );
  });
});

describe("core/token/life, of a reply", () => {
  const read: readonly [unknown, string | number][] = [
    ["2026-11-24T12:00:01Z", NOON + 1000],
    ["2026-11-25T00:00:00Z", NOON + MAX_TOKEN_LIFE_MS],
    ["2036-11-24T12:00:00Z", NOON + MAX_TOKEN_LIFE_MS],
    [undefined, "has no expiresAt"],
    [null, "has no expiresAt"],
    ["soon", "has an expiresAt that is not an RFC 3339 time with a zone"],
    ["2026-11-24T12:00:00Z", "has an expiresAt that is in the past"],
  ];
  for (const [text, end] of read) {
    it(`makes of an expiresAt of ${JSON.stringify(text) ?? "nothing"}: ${end}`, () => {
      expect(readExpiresAt(text, NOON)).to.equal(end);
    });
  }

  it("L2: reads expires_in by one rule, for exchanges, metadata services and contexts of functions", () => {
    expect(readExpiresIn(60, NOON)).to.equal(NOON + 60_000);
    for (const [all, end] of [
      [[13 * 3600, 1e300], NOON + MAX_TOKEN_LIFE_MS],
      [[undefined, null], "has no expires_in"],
      [[0, -5, "43200", NaN, Infinity, {}], "has an expires_in that is not a number of seconds above zero"],
    ] as const)
      for (const seconds of all) expect(readExpiresIn(seconds, NOON)).to.equal(end);
  });
});
