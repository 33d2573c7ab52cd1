import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { block, input, output, outputList, schema } from "../../provider/terraform/schema";
import { terraformDocs } from "../../scripts/generate-terraform-docs";
import { renderSchema } from "../../scripts/terraform-docs/schema";

const ROOT = join(__dirname, "../..");
const docs = terraformDocs();
const page = (name: string) => docs[`docs/${name}.md`] ?? "";

describe("documentation of the Terraform provider", () => {
  for (const [file, text] of Object.entries(docs))
    it(`has ${file} as it should be (npm run generate)`, () => {
      expect(readFileSync(join(ROOT, file), "utf8")).to.equal(text);
    });

  it("has no page of something that is no more", () => {
    for (const folder of [
      "docs/data-sources",
      "docs/ephemeral-resources",
      "docs/functions",
      "docs/resources",
    ])
      for (const name of existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)) : [])
        expect(docs, name).to.have.property(`${folder}/${name}`);
  });

  it("says first of the data source that the token is in the state, and points to the ephemeral one", () => {
    const [, body = ""] = page("data-sources/token").split("# yciam_token Data Source\n\n");
    expect(body).to.match(
      /^~> \*\*The token is kept in the state[^]{1,200}\(\.\.\/ephemeral-resources\/token\.md\)/,
    );
  });

  it("says that a new token cannot be handed out, that it lives on after the run, and what must be known", () => {
    expect(page("ephemeral-resources/token"))
      .to.match(/cannot hand another token/)
      .and.match(/lives on after the run/);
    expect(page("index")).to.match(/not created yet is an error/);
  });

  it("says that a block of nulls chooses its resolver, and when yc is asked: there is no terminal", () => {
    expect(page("index")).to.match(/even where all in it is null/);
    expect(page("index")).to.match(/without a terminal, so `ycCli` is asked only when it is named/);
    expect(page("index")).to.contain("| only when it is named | `ycCli` |");
  });

  it("links to pages that are there", () => {
    for (const [file, text] of Object.entries(docs))
      for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+\.md)\)/g))
        expect(existsSync(join(ROOT, dirname(file), target)), `${file} -> ${target}`).to.equal(true);
  });

  it("leaves nothing to be filled in", () => {
    for (const text of Object.values(docs)) expect(text).not.to.match(/\{\{|undefined/);
  });

  it("writes a schema as the registries do", () => {
    const description = "It.";
    const made = schema({
      description,
      attributes: [
        input({ name: "b", type: ["list", "string"], description }),
        output({ name: "s", type: "string", sensitive: true, description }),
        outputList({
          name: "many",
          description,
          attributes: [output({ name: "y", type: "bool", description })],
        }),
      ],
      blocks: [
        block({ name: "a", description, attributes: [input({ name: "x", type: "number", description })] }),
      ],
    });
    expect(renderSchema(made)).to.equal(
      [
        "## Schema",
        "### Optional",
        "- `a` (Block, Optional) It. (see [below for nested schema](#nestedblock--a))\n- `b` (List of String) It.",
        "### Read-Only",
        "- `many` (Attributes List) It. (see [below for nested schema](#nestedatt--many))\n- `s` (String, Sensitive) It.",
        '<a id="nestedblock--a"></a>\n### Nested Schema for `a`',
        "Optional:",
        "- `x` (Number) It.",
        '<a id="nestedatt--many"></a>\n### Nested Schema for `many`',
        "Read-Only:",
        "- `y` (Boolean) It.",
      ].join("\n\n"),
    );
  });
});
