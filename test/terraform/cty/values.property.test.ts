import { expect } from "chai";
import fc from "fast-check";
import { Decimal } from "../../../provider/terraform/cty/number";
import { type CtyType } from "../../../provider/terraform/cty/type";
import { Dynamic, UNKNOWN, type Value } from "../../../provider/terraform/cty/value";
import { decodeValue, encodeValue } from "../../../provider/terraform/values";

type Typed = readonly [CtyType, Value];

const decimal = fc
  .tuple(fc.bigInt(), fc.stringMatching(/^[0-9]{1,30}$/))
  .map(([whole, rest]) => new Decimal(`${whole}.${rest}`));
const large = fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value)));
const number: fc.Arbitrary<Value> = fc.oneof(
  fc.maxSafeInteger().map((value) => (value === 0 ? 0 : value)),
  fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value)),
  large,
  decimal,
);

const leaf: fc.Arbitrary<Typed> = fc.oneof(
  fc.string({ unit: "grapheme" }).map((value) => ["string", value] as const),
  number.map((value) => ["number", value] as const),
  fc.boolean().map((value) => ["bool", value] as const),
  fc.constantFrom<Typed>(["string", null], ["number", UNKNOWN], ["dynamic", null]),
);

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);

/** Values of any type, each with its type; a collection repeats one value, as its elements share a type. */
const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("typed"), fc.nat(3))
      .map(([[type, value], n]) => [["list", type], Array<Value>(n).fill(value)] as const),
    fc
      .tuple(tie("typed"), fc.uniqueArray(fc.string(), { maxLength: 3 }))
      .map(
        ([[type, value], keys]) =>
          [
            ["map", type],
            Object.fromEntries(keys.filter((key) => key !== "__proto__").map((key) => [key, value])),
          ] as const,
      ),
    fc.dictionary(name, tie("typed"), { maxKeys: 4, noNullPrototype: true }).map((entries): Typed => {
      const part = (index: 0 | 1) =>
        Object.fromEntries(Object.entries(entries).map(([key, pair]) => [key, pair[index]]));
      return [["object", part(0) as Record<string, CtyType>], part(1)];
    }),
    fc
      .array(tie("typed"), { maxLength: 3 })
      .map((items): Typed => [["tuple", items.map(([type]) => type)], items.map(([, value]) => value)]),
    tie("typed").map(([type, value]): Typed => ["dynamic", new Dynamic(type, value)]),
  ),
}));

describe("terraform values: any value of any type", () => {
  it("comes back from the wire as it went", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(decodeValue(type, encodeValue(type, value))).to.deep.equal(value);
      }),
      { numRuns: 500 },
    );
  });
});
