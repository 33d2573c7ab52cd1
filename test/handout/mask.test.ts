import { expect } from "chai";
import fc from "fast-check";
import { Secret } from "../../provider/core/words/secret";
import { MASK, Masking, Secrets } from "../../provider/handout/mask";
import { findCanaries } from "../support/canary";

const TOKEN = "t1.9euelZqCANARY-canary_0123456789.qwertyuiopASDFGHJKLzxcvbnm==";
const OTHER = "s1.another+canary/of-the.same-run";

/** What comes out of a stream of these pieces, one for each, and at its end. */
function mask(pieces: readonly string[], ...secrets: string[]): readonly string[] {
  const known = new Secrets();
  secrets.forEach((value) => known.add(new Secret(value)));
  const masking = new Masking(known);
  return [...pieces.map((piece) => masking.push(piece)), masking.end()];
}

/** A text in pieces, cut at these places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((from, index) => text.slice(from, ends[index] ?? text.length));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
/** Secrets in every form, what looks like their beginnings, and other text. */
const words = fc.array(
  fc.oneof(
    fc.constantFrom(TOKEN, OTHER, base64(TOKEN), base64(`iam:${TOKEN}`), encodeURIComponent(TOKEN)),
    fc.constantFrom("t1.", TOKEN.slice(0, 20), `${TOKEN.slice(0, 40)}!`, OTHER.slice(0, -1), "***"),
    fc.string(),
  ),
  { maxLength: 8 },
);
const places = fc.array(fc.nat(), { maxLength: 12 });

describe("the mask of a run's output", () => {
  const canaries = [TOKEN, OTHER].map((value) => ({ name: "canary", value }));
  const found = (text: string) => findCanaries(canaries, [{ where: "output", text }]);

  it("lets no secret through, in no form and in whatever pieces it comes", () => {
    fc.assert(
      fc.property(words, places, (texts, where) => {
        const text = texts.join("");
        expect(found(mask(cut(text, where), TOKEN, OTHER).join(""))).to.deep.equal([]);
      }),
    );
    expect(found(mask(cut(`a ${TOKEN} b`, [9])).join("")), "without it").to.have.length(1);
  });

  it("changes nothing else, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("t1.9", "t", "s1.", "1", " x", TOKEN[5] as string)),
        places,
        (texts, where) => {
          const text = texts.join("");
          expect(mask(cut(text, where), TOKEN, OTHER).join("")).to.equal(text);
        },
      ),
    );
  });

  for (const [what, pieces, shown] of [
    ["a prompt that ends as a secret begins", ["Give it", " t1.9"], ["Give it", " t1.9", ""]],
    ["what only began like one", [`x${TOKEN.slice(0, 9)}`, "!"], ["x", `${TOKEN.slice(0, 9)}!`, ""]],
    ["one at once", [`<${TOKEN}>`], [`<${MASK}>`, ""]],
    ["one of which a little was shown", ["t1.", TOKEN.slice(3)], ["t1.", MASK, ""]],
    [
      "two in a row, in three pieces",
      [TOKEN.slice(0, 30), TOKEN.slice(30) + OTHER.slice(0, 9), OTHER.slice(9)],
      ["", MASK, MASK, ""],
    ],
    ["one that the end cuts off", [TOKEN.slice(0, -1)], ["", MASK]],
  ] as const) {
    it(`shows of ${what} just so much, piece by piece`, () => {
      expect(mask(pieces, TOKEN, OTHER)).to.deep.equal(shown);
    });
  }

  it("hides what became a secret in the midst of a stream", () => {
    const secrets = new Secrets();
    const masking = new Masking(secrets);
    expect(masking.push(TOKEN)).to.equal(TOKEN);
    secrets.add(new Secret(TOKEN));
    expect(masking.push(TOKEN)).to.equal(MASK);
  });
});
