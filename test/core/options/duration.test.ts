import { expect } from "chai";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../../provider/core/options/duration";
import { OptionError } from "../../../provider/core/words/errors";

const parse = (text: string) => parseDuration(text, "refreshAfter");

describe("core/duration", () => {
  it("reads numbers with units, of one kind or of several", () => {
    const plain = { "90s": 90_000, "10m": 600_000, "1h": 3_600_000, "500ms": 500, "0s": 0 };
    const mixed = { "1h30m": 5_400_000, "1h2m3s4ms": 3_723_004 };
    const decimal = { "1.5h": 5_400_000, "0.001s": 1, "1.001s": 1001 };
    for (const [text, ms] of Object.entries({ ...plain, ...mixed, ...decimal }))
      expect(parse(text), text).to.equal(ms);
  });

  const malformed = [
    "",
    "10",
    "-5m",
    "5 m",
    "5d",
    "5M",
    "1h 30m",
    "1e3s",
    "1.s",
    ".5s",
    "٣s",
    "1h\n",
    "9999999999s",
  ];
  for (const text of malformed) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parse(text))
        .to.throw(
          OptionError,
          "refreshAfter is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.",
        )
        .with.property("option", "refreshAfter");
    });
  }

  it("reads back any whole hours, minutes, seconds and milliseconds", () => {
    const part = fc.nat({ max: 999_999 });
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) => {
        expect(parse(`${h}h${m}m${s}s${ms}ms`)).to.equal(h * 3_600_000 + m * 60_000 + s * 1000 + ms);
      }),
    );
  });

  it("never gives anything but a number of milliseconds from 0 up, or an OptionError without the text", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.hms-]{0,12}$/));
    fc.assert(
      fc.property(text, (given) => {
        try {
          expect(parse(given)).to.satisfy((ms: number) => Number.isFinite(ms) && ms >= 0);
        } catch (error) {
          expect(error).to.be.instanceOf(OptionError);
          expect((error as Error).message.length).to.be.below(100);
        }
      }),
    );
  });
});

describe("core/duration, for people", () => {
  it("shows two units at most, the next smaller one only where there is some of it, and no milliseconds", () => {
    const none = { "-5000": "0s", 0: "0s", 999: "0s" };
    const some = { 1000: "1s", 570_000: "9m 30s", 3_600_000: "1h", 7_500_000: "2h 5m", 3_601_000: "1h 1s" };
    for (const [ms, text] of Object.entries({ ...none, ...some, 90_061_000: "25h 1m" }))
      expect(formatDuration(Number(ms)), ms).to.equal(text);
  });

  it("never promises more than there is, and at most a minute less", () => {
    fc.assert(
      fc.property(fc.nat({ max: 24 * 3_600_000 }), (ms) => {
        const read = parse(formatDuration(ms).replace(" ", ""));
        expect(read).to.be.at.most(ms);
        expect(ms - read).to.be.below(60_000);
      }),
    );
  });
});
