import { encode as pack } from "@msgpack/msgpack";
import { expect } from "chai";
import fc from "fast-check";
import { type CtyType, type ObjectType } from "../../provider/terraform/cty/type";
import { UNKNOWN, type Value, ValueError } from "../../provider/terraform/cty/value";
import {
  decodeObjectValue,
  decodeValue,
  encodeObjectValue,
  encodeValue,
} from "../../provider/terraform/values";

const bytes = (hex: string) => ({ msgpack: Buffer.from(hex.replaceAll(" ", ""), "hex") });
const packed = (raw: unknown) => ({ msgpack: pack(raw) });
const written = (type: CtyType, value: Value) =>
  Buffer.from(encodeValue(type, value).msgpack ?? []).toString("hex");

type Typed = readonly [CtyType, Value];

const leaf: fc.Arbitrary<Typed> = fc.oneof(
  fc.string({ unit: "grapheme" }).map((value) => ["string", value] as const),
  fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true })).map((value) => ["number", value + 0] as const),
  fc.boolean().map((value) => ["bool", value] as const),
  fc.constantFrom<Typed>(["string", null], ["number", UNKNOWN]),
);

/** Values of any type, each with its type; a list repeats one value, as its elements share a type. */
const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("typed"), fc.nat(3))
      .map(([[type, value], n]): Typed => [["list", type], Array<Value>(n).fill(value)]),
    fc
      .dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), tie("typed"), { maxKeys: 4 })
      .map((entries): Typed => {
        const part = (index: 0 | 1) =>
          Object.fromEntries(Object.entries(entries).map(([key, pair]) => [key, pair[index]]));
        return [["object", part(0) as Record<string, CtyType>], part(1)];
      }),
  ),
}));

describe("terraform values", () => {
  it("of any type come back from the wire as they went", () => {
    const comesBack = ([type, value]: Typed) =>
      void expect(decodeValue(type, encodeValue(type, value))).to.deep.equal(value);
    fc.assert(fc.property(typed, comesBack), { numRuns: 500 });
  });

  it("are unknown for every extension, refinements or not, wherever they stand", () => {
    const refined = "c7 0b 0c 82 01 c2 02 a6 68 74 74 70 73 3a"; // {1: false, 2: "https:"}
    for (const hex of ["d4 00 00", "c7 00 00", refined, "d6 ff 00 00 00 00", "d5 0c 80 00"])
      expect(decodeValue("string", bytes(hex)), hex).to.equal(UNKNOWN);
    const type: ObjectType = ["object", { a: ["list", "string"], b: "bool" }];
    const inside = bytes("82 a1 61 93 c0 d4 00 00 a1 78 a1 62 c0");
    expect(decodeValue(type, inside)).to.deep.equal({ a: [null, UNKNOWN, "x"], b: null });
  });

  it("are written in the host's own shortest form where they are unknown or null", () => {
    expect(written("string", UNKNOWN)).to.equal("d40000");
    expect(written(["object", { a: "string" }], null)).to.equal("c0");
    expect(decodeValue("string", bytes("c0"))).to.equal(null);
    expect(decodeValue("string", undefined)).to.equal(null);
  });

  it("are the nearest number where the host sends digits", () => {
    for (const text of ["0.1", "12345678901234567890123", "-2e3"])
      expect(decodeValue("number", packed(text)), text).to.equal(Number(text));
    expect(decodeValue("number", bytes("cf 00 20 00 00 00 00 00 01"))).to.equal(2 ** 53);
  });

  const object: ObjectType = ["object", { a: ["list", "bool"] }];
  const misfits: [type: CtyType, raw: unknown, message: string][] = [
    ["string", 1, "the value has to be a string"],
    ["bool", "true", "the value has to be true or false"],
    ...["", "1,5", "0x10", "NaN", " 1", NaN, true].map((raw): [CtyType, unknown, string] => [
      "number",
      raw,
      "the value has to be a number",
    ]),
    [["list", "string"], "x", "the value has to be a list"],
    [object, ["x"], "the value has to be an object"],
    [object, { b: true }, 'the value has to be without "b"'],
    [object, { a: [true, 5] }, "a[1] has to be true or false"],
  ];
  for (const [type, raw, message] of misfits)
    it(`say that ${message}, and is not ${JSON.stringify(raw)}, in both directions`, () => {
      expect(() => decodeValue(type, packed(raw))).to.throw(ValueError, message);
      expect(() => encodeValue(type, raw as Value)).to.throw(ValueError, message);
    });

  it("are not read from JSON, from bytes that are not msgpack, or from nothing", () => {
    const json = { json: Buffer.from("{}") };
    expect(() => decodeValue(object, json)).to.throw(ValueError, "has to be msgpack, and is JSON");
    expect(() => decodeValue("string", bytes("a5 61"))).to.throw(RangeError);
    for (const wire of [undefined, bytes("c0"), bytes("c0"), bytes("d4 00 00"), bytes("d4 00 00")])
      expect(() => decodeObjectValue(object, wire)).to.throw(ValueError, "has to be an object");
  });

  it("of a block are read and written once while they stay the same, and apart for each type", () => {
    const other: ObjectType = ["object", { a: ["list", "bool"], b: "string" }];
    const [yes, no] = [packed({ a: [true] }), packed({ a: [false] })];
    const first = decodeObjectValue(object, yes);
    expect(decodeObjectValue(object, packed({ a: [true] }))).to.equal(first);
    expect(decodeObjectValue(other, yes)).to.deep.equal({ a: [true], b: null });
    expect(decodeObjectValue(object, no)).to.deep.equal({ a: [false] });
    expect(decodeObjectValue(object, yes)).to.deep.equal(first);
    expect(encodeObjectValue(object, first)).to.equal(encodeObjectValue(object, first));
    expect(encodeObjectValue(other, first)).to.deep.equal(encodeValue(other, first));
    expect(encodeObjectValue(object, first)).to.deep.equal(encodeValue(object, first));
  });
});
