import { expect } from "chai";
import fc from "fast-check";
import { parseTime, readExpiry } from "../../../provider/core/token/expiry";
import { MAX_TOKEN_LIFE_MS } from "../../../provider/core/token/token";

const NOON = Date.UTC(2026, 10, 24, 12);

describe("core/expiry", () => {
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
    "2026-11-24",
    "2026-11-24 12:00:00Z",
    "2026-13-24T12:00:00Z",
    "2026-11-24T25:00:00Z",
    "2026-11-24T12:00:00.1234567890Z",
    "Tue, 24 Nov 2026 12:00:00 GMT",
    "1764000000",
    1764000000,
    "",
    null,
    undefined,
    {},
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

describe("core/expiry, of a reply", () => {
  it("takes a time in the future as it is", () => {
    expect(readExpiry("2026-11-24T12:00:01Z", NOON)).to.equal(NOON + 1000);
    expect(readExpiry("2026-11-25T00:00:00Z", NOON)).to.equal(NOON + MAX_TOKEN_LIFE_MS);
  });

  it("cuts a time beyond the twelve hours that a token can live", () => {
    expect(readExpiry("2036-11-24T12:00:00Z", NOON)).to.equal(NOON + MAX_TOKEN_LIFE_MS);
  });

  const wrong: readonly [unknown, string][] = [
    [undefined, "has no expiresAt"],
    [null, "has no expiresAt"],
    ["soon", "has an expiresAt that is not an RFC 3339 time with a zone"],
    [1764000000, "has an expiresAt that is not an RFC 3339 time with a zone"],
    ["2026-11-24T12:00:00", "has an expiresAt that is not an RFC 3339 time with a zone"],
    ["2026-11-24T12:00:00Z", "has an expiresAt that is in the past"],
    ["2026-11-24T11:59:59Z", "has an expiresAt that is in the past"],
  ];
  for (const [text, problem] of wrong) {
    it(`says of ${JSON.stringify(text) ?? "nothing"} that it ${problem}`, () => {
      expect(readExpiry(text, NOON)).to.equal(problem);
    });
  }
});
