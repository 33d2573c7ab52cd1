import { expect } from "chai";
import {
  Schema_NestedBlock_NestingMode as BlockNesting,
  StringKind,
} from "../../provider/terraform/generated/tfplugin6";
import { block, input, output, schema } from "../../provider/terraform/schema";

const description = "Some text.";
const url = input({ name: "url", type: "string", description });

describe("terraform schema", () => {
  it("describes an attribute that is set by the user, or by the provider", () => {
    const tags = output({ name: "tags", type: ["list", "string"], sensitive: true, description });
    expect(Buffer.from(tags.wire.type!).toString()).to.equal('["list","string"]');
    expect(tags.wire).to.include({ name: "tags", computed: true, sensitive: true, description });
    expect(tags.wire).to.include({ descriptionKind: StringKind.MARKDOWN }).and.not.have.property("optional");
    expect(url.wire).to.include({ name: "url", optional: true }).and.not.have.property("computed");
  });

  it("makes a whole of attributes and blocks, with its type", () => {
    const one = block({ name: "one", description, attributes: [url] });
    const made = schema({ description, attributes: [url], blocks: [one] });
    expect(made.type).to.deep.equal(["object", { url: "string", one: ["object", { url: "string" }] }]);
    expect(made.wire.block?.attributes).to.deep.equal([url.wire]);
    const [wire] = made.wire.block?.blockTypes ?? [];
    expect(wire).to.include({ typeName: "one", nesting: BlockNesting.SINGLE });
    expect(wire?.block).to.deep.include({ attributes: [url.wire], description });
  });
});
