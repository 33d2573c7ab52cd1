import { expect } from "chai";
import { attribute, nested, schema } from "../../provider/terraform/schema";
import {
  Schema_Object_NestingMode as NestingMode,
  StringKind,
} from "../../provider/terraform/generated/tfplugin6";

const FLAGS = { optional: true, description: "Some text." };
const url = attribute({ name: "url", type: "string", ...FLAGS });

describe("terraform schema", () => {
  it("describes a plain attribute", () => {
    const { wire, type } = attribute({ name: "tags", type: ["list", "string"], sensitive: true, ...FLAGS });
    expect(type).to.deep.equal(["list", "string"]);
    expect(Buffer.from(wire.type!).toString()).to.equal('["list","string"]');
    expect(wire).to.include({ name: "tags", description: "Some text.", optional: true, sensitive: true });
    expect(wire).to.include({ descriptionKind: StringKind.MARKDOWN, deprecated: false });
  });

  it("nests one object or several, and implies their type", () => {
    const one = nested({ name: "one", attributes: [url], ...FLAGS });
    expect(one.type).to.deep.equal(["object", { url: "string" }]);
    expect(one.wire.nestedType).to.include({ nesting: NestingMode.SINGLE });
    expect(one.wire.type).to.equal(undefined);
    const many = nested({ name: "many", nesting: "list", attributes: [one], ...FLAGS });
    expect(many.type).to.deep.equal(["list", ["object", { one: ["object", { url: "string" }] }]]);
    expect(many.wire.nestedType).to.include({ nesting: NestingMode.LIST });
  });

  it("makes a block of attributes, and its type", () => {
    const made = schema({ description: "All.", attributes: [url], version: 2 });
    expect(made.type).to.deep.equal(["object", { url: "string" }]);
    expect(made.wire.version).to.equal(2);
    expect(made.wire.block?.attributes).to.deep.equal([url.wire]);
  });

  it("says that an attribute is deprecated, and what to use", () => {
    const { wire } = attribute({ name: "old", type: "bool", deprecated: "Use new.", ...FLAGS });
    expect(wire).to.include({ deprecated: true, deprecationMessage: "Use new." });
  });

  it("refuses what the host would refuse", () => {
    const bare = { type: "string", description: "" } as const;
    expect(() => attribute({ name: "camelCase", optional: true, ...bare })).to.throw(
      TypeError,
      "cannot be the name",
    );
    expect(() => attribute({ name: "a", ...bare })).to.throw(TypeError, "required, optional or computed");
    expect(() => attribute({ name: "a", required: true, computed: true, ...bare })).to.throw(
      TypeError,
      "a cannot be",
    );
    expect(() => schema({ description: "", attributes: [url, url] })).to.throw(TypeError, "the same name");
  });
});
