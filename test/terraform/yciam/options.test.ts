import { expect } from "chai";
import { EXPLANATION } from "../../../provider/core/chain/explain";
import type { OptionSpecs } from "../../../provider/core/options/options";
import { IMPERSONATE_GROUP, SETTINGS } from "../../../provider/core/options/settings";
import { RESULT } from "../../../provider/core/token/result";
import { resolvers } from "../../../provider/resolvers/index";
import { snakeCase } from "../../../provider/terraform/yciam/names";
import { overrideParts, providerParts } from "../../../provider/terraform/yciam/options";
import { outputsOf } from "../../../provider/terraform/yciam/outputs";

const { attributes, blocks } = providerParts();
const groups = [...resolvers, IMPERSONATE_GROUP];
const names = (of: readonly { readonly name?: string | undefined }[]) => of.map(({ name }) => name);
const spelled = (specs: OptionSpecs) => Object.keys(specs).map(snakeCase);
const inside = (group: string) => blocks.find(({ name }) => name === group)?.wire.block?.attributes ?? [];
const setting = (name: string) => attributes.find((each) => each.name === name);

describe("terraform options", () => {
  it("has every setting as an attribute, every resolver and the impersonation as a block, and nothing else", () => {
    expect(names(attributes)).to.deep.equal(spelled(SETTINGS));
    expect(names(blocks)).to.deep.equal(groups.map(({ name }) => snakeCase(name)));
  });

  for (const { name, options } of groups)
    it(`has every option of ${name}, none of them required`, () => {
      expect(names(inside(snakeCase(name)))).to.deep.equal(spelled(options));
      for (const { required, optional } of inside(snakeCase(name)))
        expect([required ?? false, optional]).to.deep.equal([false, true]);
    });

  it("hides exactly what must not be shown", () => {
    const hidden = blocks.flatMap(({ name }) =>
      inside(name)
        .filter(({ sensitive }) => sensitive)
        .map((each) => `${name}.${each.name}`),
    );
    expect(hidden).to.have.members([
      "iam_token.token",
      "service_account_key.file",
      "service_account_key.json",
      "workload_identity.token",
      "function_context.token",
      "oauth_token.token",
      "command.argv",
    ]);
    expect(names(attributes.filter(({ wire }) => wire.sensitive))).to.deep.equal([]);
    const outputs = outputsOf({ ...RESULT, ...EXPLANATION }).filter(({ wire }) => wire.sensitive);
    expect(names(outputs)).to.deep.equal(["token", "authorization_header"]);
  });

  it("gives each kind the type that its users expect", () => {
    expect(setting("retries")?.type).to.equal("number");
    expect(setting("timeout")?.type).to.equal("string");
    expect(setting("resolvers")?.type).to.deep.equal(["list", "string"]);
  });

  it("tells words, default and variables of an option, and says null where a field of an answer may be absent", () => {
    expect(setting("cache")?.wire.description).to.match(
      /One of: `disk`, `memory`, `none`\. Default: `disk`\. Environment: `YCIAM_CACHE`\.$/,
    );
    const [token] = inside("iam_token");
    expect(token?.description).to.contain("`YC_IAM_TOKEN`, `YC_TOKEN` when it has the shape of an IAM token");
    const outputs = outputsOf({ ...RESULT, ...EXPLANATION }).map(({ wire }) => wire.description ?? "");
    expect(outputs.filter((text) => / Null (for|when|where) /.test(text))).to.have.length.above(2);
    expect(outputs.join(" ")).not.to.match(/absent/i);
  });

  it("lets one token differ in how long it lives and whose it is", () => {
    const parts = overrideParts();
    expect(names(parts.attributes)).to.deep.equal(["min_remaining_validity", "refresh_after", "timeout"]);
    expect(names(parts.blocks)).to.deep.equal(["impersonate"]);
  });
});
