import { expect } from "chai";
import * as fc from "fast-check";
import { inspect } from "node:util";
import { Secret } from "../../provider/core/words/secret";
import {
  decodeProperties,
  encodeProperties,
  fromWire,
  hasUnknown,
  onlyKnown,
  open,
  same,
  seal,
  Sealed,
  UNKNOWN,
  type Value,
} from "../../provider/pulumi/values";
import { opened, secret, unknown } from "./support/wire";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const output = (parts: object) => ({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...parts });

describe("values on Pulumi's wire", () => {
  it("reads a secret, and one inside another value", () => {
    expect(open(fromWire(secret("s")))).to.equal("s");
    const nested = fromWire({ list: [secret({ deep: secret(1) })] }) as { list: Sealed[] };
    expect(nested.list[0]).to.be.instanceOf(Sealed);
    expect(open(nested)).to.deep.equal({ list: [{ deep: 1 }] });
  });

  for (const text of [
    unknown,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ]) {
    it(`reads ${text} as unknown`, () => {
      expect(fromWire(text)).to.equal(UNKNOWN);
    });
  }

  it("reads output values: known, unknown, secret", () => {
    expect(fromWire(output({ value: 1, dependencies: ["urn"] }))).to.equal(1);
    expect(fromWire(output({}))).to.equal(UNKNOWN);
    const both = fromWire(output({ secret: true })) as Sealed;
    expect(both).to.be.instanceOf(Sealed);
    expect(both.open()).to.equal(UNKNOWN);
  });

  it("leaves an asset as it is: no option takes one", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "hello" };
    expect(fromWire(asset)).to.deep.equal(asset);
  });

  it("writes both kinds of secrets with Pulumi's signature, and leaves out what is undefined", () => {
    const wire = encodeProperties({
      token: new Secret("t"),
      list: [seal("a")],
      none: undefined,
      nothing: null,
      later: UNKNOWN,
      sealed: seal(UNKNOWN),
    }).toJavaScript() as Record<string, unknown>;
    expect(opened(wire.token)).to.equal("t");
    expect(opened((wire.list as unknown[])[0])).to.equal("a");
    expect(opened(wire.sealed)).to.equal(unknown);
    expect(wire).to.have.all.keys("token", "list", "nothing", "later", "sealed");
    expect(wire.later).to.equal(unknown);
    expect(wire.nothing).to.equal(null);
  });

  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constant(UNKNOWN),
  );
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("value")),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie("value")),
      tie("value").map(seal),
    ),
  }));
  const shape = (item: Value): unknown => {
    if (item instanceof Sealed) return { sealed: shape(item.open()) };
    if (Array.isArray(item)) return item.map(shape);
    return typeof item === "object" && item !== null
      ? {
          object: Object.entries(item)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, inner]) => [name, shape(inner)]),
        }
      : Object.is(item, -0)
        ? 0
        : item;
  };

  it("loses nothing on the way there and back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value), (properties) => {
        const there = encodeProperties(properties);
        expect(shape(decodeProperties(there))).to.deep.equal(shape(properties));
      }),
    );
  });
});

describe("values", () => {
  it("print no secret, whatever prints them", () => {
    const sealed = { a: seal({ key: "hunter2" }) };
    for (const text of [
      inspect(sealed, { depth: 9, showHidden: true }),
      JSON.stringify(sealed),
      `${String(sealed.a)}`,
    ])
      expect(text).to.contain("[secret]").and.not.contain("hunter2");
  });

  it("are sealed once", () => {
    expect(open(seal(seal("a")).open())).to.equal("a");
    expect(seal(seal("a")).open()).to.equal("a");
  });

  it("know whether something in them is unknown, under a seal too", () => {
    expect(hasUnknown({ a: [1, { b: seal(UNKNOWN) }] })).to.equal(true);
    expect(hasUnknown({ a: [1, { b: seal("x") }], c: null })).to.equal(false);
  });

  it("without the unknown keep what is known of a group, and drop lists that are known in part", () => {
    const known = onlyKnown({
      a: UNKNOWN,
      group: { b: UNKNOWN, c: 1 },
      list: ["x", UNKNOWN],
      d: seal(UNKNOWN),
    });
    expect(known).to.deep.equal({ group: { c: 1 } });
  });

  it("are the same whatever the order of keys, the seals, and nulls", () => {
    expect(same({ a: 1, b: seal({ c: "x", d: null }) }, { b: { c: "x" }, a: seal(1) })).to.equal(true);
    expect(same(undefined, null)).to.equal(true);
    expect(same({ a: "1" }, { a: 1 })).to.equal(false);
    expect(same(["a", "b"], ["b", "a"])).to.equal(false);
    expect(same(UNKNOWN, UNKNOWN)).to.equal(false);
  });
});
