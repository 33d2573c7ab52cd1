import { InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { inspect } from "node:util";
import { Secret } from "../../provider/core/words/secret";
import { changedInputs, findUnknown, hasUnknown, type Input, toConfig, UNKNOWN } from "../../provider/inputs";
import * as messages from "../../provider/pulumi/generated/pulumi/provider";
import {
  decodeProperties,
  encodeProperties,
  fromWire,
  open,
  openAll,
  type Properties,
  seal,
  Sealed,
  type Value,
} from "../../provider/pulumi/values";
import { opened, secret, unknown } from "./support/wire";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const output = (parts: object) => ({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...parts });

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true }).map((number) => number + 0),
  fc.boolean(),
  fc.constant(null),
  fc.constant(UNKNOWN),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("value")),
    fc.dictionary(name, tie("value")),
    tie("value").map(seal),
  ),
}));
const properties = fc.dictionary(name, value);

/** What Pulumi's own messages read of ours, and ours of what they write again. */
function thereAndBack(sent: Properties): Properties {
  const bytes = messages.InvokeResponse.encode({ return: encodeProperties(sent) }).finish();
  const read = InvokeResponse.deserializeBinary(bytes).getReturn()?.toJavaScript() ?? {};
  const answer = new InvokeRequest().setArgs(Struct.fromJavaScript(read));
  return decodeProperties(messages.InvokeRequest.decode(answer.serializeBinary()).args);
}

describe("values on Pulumi's wire", () => {
  it("are secrets, whole or inside one another, output values, and all that Pulumi ever sent for unknown", () => {
    expect(fromWire(secret("s"))).to.be.instanceOf(Sealed);
    const nested = fromWire({ list: [secret({ deep: secret(1) })] });
    expect((nested as { list: unknown[] }).list[0]).to.be.instanceOf(Sealed);
    expect(open(nested)).to.deep.equal({ list: [{ deep: 1 }] });
    expect(fromWire(output({ value: 1, dependencies: ["urn"] }))).to.equal(1);
    expect(fromWire(output({ secret: true }))).to.be.instanceOf(Sealed);
    for (const text of [
      output({}),
      unknown,
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "030794c1-ac77-496b-92df-f27374a8bd58",
      "e48ece36-62e2-4504-bad9-02848725956a",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ])
      expect(fromWire(text)).to.equal(UNKNOWN);
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "no option takes one" };
    expect(fromWire(asset)).to.deep.equal(asset);
  });

  it("have Pulumi's signature for both kinds of secrets, and lack what is undefined", () => {
    const sent = { token: new Secret("t"), none: undefined, later: UNKNOWN, sealed: seal(UNKNOWN) };
    const wire = encodeProperties(sent);
    expect(wire).to.have.all.keys("token", "later", "sealed");
    expect([opened(wire.token), wire.later, opened(wire.sealed)]).to.deep.equal(["t", unknown, unknown]);
  });

  it("lose nothing on the way there and back, and print no secret", () => {
    const shape = (item: Value): unknown => {
      if (item instanceof Sealed) return { sealed: shape(item.open()) };
      if (Array.isArray(item)) return item.map(shape);
      if (typeof item !== "object" || item === null) return item;
      return { object: Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, shape(inner)])) };
    };
    fc.assert(
      fc.property(properties, (sent) => {
        expect(shape(thereAndBack(sent))).to.deep.equal(shape(sent));
        const hidden = { hidden: seal({ ...sent, planted: "hunter2" }) };
        for (const text of [inspect(hidden, { depth: 9, showHidden: true }), JSON.stringify(hidden)])
          expect(text).to.contain("[secret]").and.not.contain("hunter2");
      }),
    );
  });
});

describe("inputs", () => {
  const inputs = properties.map(openAll);

  it("differ where something is unknown or another, whatever the nulls and the order of names", () => {
    fc.assert(
      fc.property(inputs, name, leaf, (olds, other, changed) => {
        const same = { ...Object.fromEntries(Object.entries(olds).reverse()), nothing: null };
        const later = Object.keys(olds).filter((key) => hasUnknown(olds[key]));
        expect(changedInputs(olds, same)).to.have.members(later);
        expect(later.length > 0).to.equal(findUnknown(olds) !== undefined);
        const differs =
          hasUnknown(changed) || JSON.stringify(olds[other] ?? null) !== JSON.stringify(changed);
        expect(changedInputs(olds, { ...olds, [other]: changed }).includes(other)).to.equal(differs);
      }),
    );
  });

  it("are known in part: of a group what is known, of a list all or nothing", () => {
    const sent: Record<string, Input> = {
      a: UNKNOWN,
      group: { b: UNKNOWN, c: 1, d: null },
      list: ["x", UNKNOWN],
    };
    expect(toConfig(sent)).to.deep.equal({ group: { c: 1 } });
    expect(findUnknown({ known: 1, group: { deep: { b: UNKNOWN } } })).to.equal("group.deep.b");
  });
});
