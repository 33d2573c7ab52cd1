import { expect } from "chai";
import fc from "fast-check";
import { better, type HeldToken, judge, type Policy } from "../../../provider/core/token/judgement";
import { MAX_TOKEN_LIFE_MS } from "../../../provider/core/token/token";
import { Secret } from "../../../provider/core/words/secret";

const NOON = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const token = new Secret("t1.a.b");

/** A token that was asked for so long ago, and lives so much longer; without an end where that is undefined. */
const held = (ageMs: number, leftMs: number | undefined): HeldToken => ({
  token: { token, ...(leftMs === undefined ? {} : { expiresAt: NOON + leftMs }) },
  askedAt: NOON - ageMs,
});
const policy: Policy = { minRemainingMs: 10 * MINUTE, refreshAfterMs: HOUR };

const ages = fc.integer({ min: -2 * HOUR, max: 14 * HOUR });
const lives = fc.option(fc.integer({ min: -HOUR, max: 14 * HOUR }), { nil: undefined });
const policies = fc.record({
  minRemainingMs: fc.integer({ min: 0, max: 12 * HOUR }),
  refreshAfterMs: fc.integer({ min: 0, max: 24 * HOUR }),
});

describe("core/token/judgement", () => {
  const cases: readonly [string, number, number | undefined, string][] = [
    ["a new token", 0, 12 * HOUR, "fresh"],
    ["one that is almost as old as refreshAfter", HOUR - 1, 11 * HOUR, "fresh"],
    ["one that is as old as refreshAfter", HOUR, 11 * HOUR, "usable"],
    ["one that lives as long as is asked, to the millisecond", 0, 10 * MINUTE, "fresh"],
    ["one that lives a millisecond less", 0, 10 * MINUTE - 1, "dead"],
    ["an old one that lives as long as is asked", 2 * HOUR, 10 * MINUTE, "usable"],
    ["one with more left than any token can have", 0, 13 * HOUR, "dead"],
    ["one with twelve hours left, measured twice", 0, 12 * HOUR + 30_000, "fresh"],
    ["one of the near future", -30_000, 11 * HOUR, "fresh"],
    ["one of the far future", -HOUR, 11 * HOUR, "usable"],
    ["a new one of unknown life", 0, undefined, "fresh"],
    ["an old one of unknown life", HOUR, undefined, "dead"],
  ];
  for (const [what, age, left, expected] of cases) {
    it(`finds ${what} ${expected}`, () => {
      expect(judge(held(age, left), policy, NOON)).to.equal(expected);
    });
  }

  it("finds one that dies now dead, though no life is asked for", () => {
    const nothing = { minRemainingMs: 0, refreshAfterMs: HOUR };
    expect([judge(held(0, 0), nothing, NOON), judge(held(0, 1), nothing, NOON)]).to.deep.equal([
      "dead",
      "fresh",
    ]);
  });

  it("hands out nothing that lives shorter than the policy asks, whatever else is true", () => {
    fc.assert(
      fc.property(ages, lives, policies, (age, left, own) => {
        const judgement = judge(held(age, left), own, NOON);
        if (left !== undefined && (left <= 0 || left < own.minRemainingMs))
          expect(judgement).to.equal("dead");
        if (judgement === "fresh") expect(age).to.be.below(own.refreshAfterMs);
      }),
    );
  });

  it("becomes no fresher with time", () => {
    const rank = { fresh: 2, usable: 1, dead: 0 };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MAX_TOKEN_LIFE_MS }),
        policies,
        fc.nat(13 * HOUR),
        (left, own, later) => {
          const one = held(0, left);
          expect(rank[judge(one, own, NOON + later)]).to.be.at.most(rank[judge(one, own, NOON)]);
        },
      ),
    );
  });
});

describe("core/token/judgement, which of two tokens to keep", () => {
  it("keeps the newer one, unless the old one lives longer; then that counts as asked for now", () => {
    const [old, next] = [held(2 * HOUR, 10 * HOUR), held(0, 12 * HOUR)];
    expect(better(old, next, NOON)).to.equal(next);
    expect(better(old, held(0, 6 * HOUR), NOON)).to.deep.equal({ ...old, askedAt: NOON });
    expect(better(old, held(0, undefined), NOON).token.expiresAt).to.equal(undefined);
  });

  it("keeps the old one from a late answer, and nothing of a clock that was set back", () => {
    const old = held(MINUTE, 11 * HOUR);
    expect(better(old, held(HOUR, 12 * HOUR), NOON)).to.equal(old);
    const next = held(HOUR, HOUR);
    expect(better(held(-3 * HOUR, 14 * HOUR), next, NOON)).to.equal(next);
    // A clock that was ahead when the old one came must not make that the newer one for hours.
    expect(better(held(-HOUR, 11 * HOUR), held(0, 12 * HOUR), NOON).token.expiresAt).to.equal(
      NOON + 12 * HOUR,
    );
  });
});
