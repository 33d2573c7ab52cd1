import { encode as pack } from "@msgpack/msgpack";
import { expect } from "chai";
import { Decimal } from "../../provider/terraform/cty/number";
import { type CtyType, type ObjectType } from "../../provider/terraform/cty/type";
import { Dynamic, UNKNOWN, type Value, ValueError } from "../../provider/terraform/cty/value";
import { decodeObjectValue, decodeValue, encodeValue } from "../../provider/terraform/values";

const bytes = (hex: string) => ({ msgpack: Buffer.from(hex.replaceAll(" ", ""), "hex") });
const json = (text: string) => ({ json: Buffer.from(text, "utf8") });
const written = (type: CtyType, value: Value) =>
  Buffer.from(encodeValue(type, value).msgpack ?? []).toString("hex");

/** What a host sends for a string: "0.1" and large integers come as their digits. */
const digits = (text: string) => ({ msgpack: pack(text) });

describe("terraform values: numbers", () => {
  const shapes: Record<string, [hex: string, value: Value]> = {
    "a small integer": ["2a", 42],
    "a negative integer": ["d3 ff ff ff ff ff ff ff fb", -5],
    "the largest safe integer": ["cf 00 1f ff ff ff ff ff ff", Number.MAX_SAFE_INTEGER],
    "2^53 + 1": ["cf 00 20 00 00 00 00 00 01", 9007199254740993n],
    "the smallest 64-bit integer": ["d3 80 00 00 00 00 00 00 00", -(2n ** 63n)],
    "a binary fraction": ["cb 40 04 00 00 00 00 00 00", 2.5],
    infinity: ["cb 7f f0 00 00 00 00 00 00", Infinity],
  };

  for (const [name, [hex, value]] of Object.entries(shapes)) {
    it(`reads ${name}`, () => expect(decodeValue("number", bytes(hex))).to.equal(value));
  }

  it("keeps a decimal fraction as the digits the host sent", () => {
    expect(decodeValue("number", digits("0.1"))).to.deep.equal(new Decimal("0.1"));
    expect(written("number", new Decimal("0.1"))).to.equal(Buffer.from(pack("0.1")).toString("hex"));
  });

  it("gives every shape back as the same number", () => {
    const exact = [
      "0.1",
      "12345678901234567890123",
      "1000000000000000000000000000000",
      "-0.30000000000000000000001",
    ];
    for (const text of exact) {
      const wire = encodeValue("number", decodeValue("number", digits(text)));
      expect(Buffer.from(wire.msgpack!).toString("hex"), text).to.equal(
        Buffer.from(pack(text)).toString("hex"),
      );
    }
  });

  it("writes a whole number too large for a double's safe range as its exact digits", () => {
    expect(written("number", 2 ** 60)).to.equal(Buffer.from(pack("1152921504606846976")).toString("hex"));
    expect(written("number", 1e21)).to.equal(Buffer.from(pack("1000000000000000000000")).toString("hex"));
  });

  it("refuses what is no number, with its path", () => {
    for (const raw of ["", "1,5", "0x10", "NaN", " 1"]) {
      expect(() => decodeValue("number", digits(raw)), raw).to.throw(ValueError, "a number is required");
    }
    expect(() => encodeValue(["list", "number"], [1, NaN])).to.throw(ValueError, "[1] has to be");
  });
});

describe("terraform values: unknown and null", () => {
  it("reads every extension as unknown, refinements or not", () => {
    const refined = "c7 0b 0c 82 01 c2 02 a6 68 74 74 70 73 3a"; // {1: false, 2: "https:"}
    for (const hex of ["d4 00 00", "c7 00 00", refined, "d6 ff 00 00 00 00", "d5 0c 80 00"]) {
      expect(decodeValue("string", bytes(hex)), hex).to.equal(UNKNOWN);
    }
  });

  it("writes unknown as the host's plain form, and null as one byte", () => {
    expect(written("string", UNKNOWN)).to.equal("d40000");
    expect(written(["object", { a: "string" }], null)).to.equal("c0");
    expect(written("dynamic", UNKNOWN)).to.equal("d40000");
  });

  it("reads them anywhere inside", () => {
    const type: ObjectType = ["object", { a: ["list", "string"], b: "bool" }];
    expect(decodeValue(type, bytes("82 a1 61 93 c0 d4 00 00 a1 78 a1 62 c0"))).to.deep.equal({
      a: [null, UNKNOWN, "x"],
      b: null,
    });
    expect(decodeValue(type, bytes("c0"))).to.equal(null);
    expect(decodeValue(type, undefined)).to.equal(null);
  });
});

describe("terraform values: shapes", () => {
  const type: ObjectType = [
    "object",
    { text: "string", map: ["map", "number"], pair: ["tuple", ["bool", "string"]] },
  ];

  it("gives an object every attribute of its type, and no other", () => {
    const back = decodeObjectValue(type, encodeValue(type, { text: "x" }));
    expect(back).to.deep.equal({ text: "x", map: null, pair: null });
    expect(() => encodeValue(type, { other: "x" })).to.throw(ValueError, "no attribute other");
    expect(() => decodeValue(["object", {}], bytes("81 a1 61 c0"))).to.throw(ValueError, "no such attribute");
  });

  it("keeps maps, tuples and sets", () => {
    const value = { text: null, map: { "a-b": 1, toString: 2 }, pair: [true, "x"] };
    expect(decodeValue(type, encodeValue(type, value))).to.deep.equal(value);
    expect(decodeValue(["set", "string"], encodeValue(["set", "string"], ["b", "a"]))).to.deep.equal([
      "b",
      "a",
    ]);
  });

  it("says where a value does not fit, in both directions", () => {
    const misfits: [CtyType, Value, string][] = [
      ["string", 1, 'has to be of type "string"'],
      ["bool", "true", 'has to be of type "bool"'],
      [["tuple", ["bool"]], [], "has to be of type"],
      [["list", "string"], "x", "a list is required"],
      [["map", "string"], new Decimal("1"), "an object is required"],
      ["dynamic", "x", "has to be of type"],
    ];
    for (const [misfit, value, message] of misfits) {
      expect(() => encodeValue(misfit, value), message).to.throw(ValueError, message);
    }
    const nestedType: CtyType = ["object", { a: ["map", ["list", "bool"]] }];
    const wire = bytes("81 a1 61 81 a1 6b 92 c3 05");
    expect(() => decodeValue(nestedType, wire))
      .to.throw(ValueError, "true or false is required")
      .with.deep.property("path", [{ attribute: "a" }, { key: "k" }, { index: 1 }]);
  });

  it("keeps the type of a dynamic value", () => {
    const dynamic = new Dynamic(["object", { n: "number" }], { n: new Decimal("0.1") });
    expect(decodeValue("dynamic", encodeValue("dynamic", dynamic))).to.deep.equal(dynamic);
    expect(() =>
      decodeValue("dynamic", { msgpack: pack([new TextEncoder().encode('["list"]'), 1]) }),
    ).to.throw(TypeError, "not a type of cty");
  });

  it("refuses bytes that are not msgpack, and a configuration that is missing", () => {
    expect(() => decodeValue("string", bytes("a5 61"))).to.throw(RangeError);
    expect(() => decodeObjectValue(type, undefined)).to.throw(ValueError, "a configuration is required");
  });
});

describe("terraform values: JSON from the host", () => {
  it("keeps all digits of numbers, and leaves strings alone", () => {
    const type: CtyType = ["object", { n: ["list", "number"], s: "string" }];
    const wire = json('{"n":[1,-2.50,0.1,9007199254740993,1e30],"s":"1.5 \\"2\\" \\\\ 3"}');
    expect(decodeValue(type, wire)).to.deep.equal({
      n: [1, new Decimal("-2.50"), new Decimal("0.1"), 9007199254740993n, new Decimal("1e30")],
      s: '1.5 "2" \\ 3',
    });
  });

  it("reads null, booleans and dynamic values", () => {
    const type: CtyType = ["object", { a: "bool", b: "bool", c: "dynamic" }];
    expect(decodeValue(type, json('{"a":true,"b":null,"c":{"type":"number","value":3}}'))).to.deep.equal({
      a: true,
      b: null,
      c: new Dynamic("number", 3),
    });
  });
});
