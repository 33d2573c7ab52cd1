import { expect } from "chai";
import { IMPERSONATE, SETTINGS } from "../../../provider/core/options/settings";
import { resolvers } from "../../../provider/resolvers/index";
import type { OptionSpecs } from "../../../provider/core/options/options";
import { type Attribute } from "../../../provider/terraform/schema";
import { snakeCase } from "../../../provider/terraform/yciam/names";
import { overrideAttributes, providerAttributes } from "../../../provider/terraform/yciam/options";

const names = (specs: OptionSpecs | readonly { readonly name: string }[]) =>
  (Array.isArray(specs) ? specs.map(({ name }: { name: string }) => name) : Object.keys(specs)).map(
    snakeCase,
  );

function find(name: string, attributes: readonly Attribute[] = providerAttributes()) {
  const found = attributes.find((each) => each.name === name);
  if (!found) throw new Error(`no attribute ${name}`);
  return found;
}

const inner = (group: string) => find(group).wire.nestedType?.attributes ?? [];

describe("terraform options", () => {
  it("has every setting and every resolver, and nothing else", () => {
    const wanted = [...names(resolvers), "impersonate", ...names(SETTINGS)];
    expect(providerAttributes().map(({ name }) => name)).to.deep.equal(wanted);
  });

  for (const { name, options } of resolvers) {
    it(`has every option of ${name}, none of them required`, () => {
      expect(inner(snakeCase(name)).map((each) => each.name)).to.deep.equal(names(options));
      for (const { required, optional } of inner(snakeCase(name)))
        expect([required ?? false, optional]).to.deep.equal([false, true]);
    });
  }

  it("requires the account of an impersonation, so that a misspelled one is not dropped", () => {
    expect(inner("impersonate").map((each) => each.name)).to.deep.equal(names(IMPERSONATE));
    for (const { required, optional } of inner("impersonate"))
      expect([required, optional ?? false]).to.deep.equal([true, false]);
  });

  it("hides exactly what must not be shown", () => {
    const hidden = [...resolvers, { name: "impersonate" }].flatMap(({ name }) =>
      inner(snakeCase(name))
        .filter(({ sensitive }) => sensitive)
        .map((each) => `${snakeCase(name)}.${each.name}`),
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
    for (const name of names(SETTINGS)) expect(find(name).wire.sensitive ?? false, name).to.equal(false);
  });

  it("gives each kind the type that its users expect", () => {
    expect(find("retries").type).to.equal("number");
    expect(find("timeout").type).to.equal("string");
    expect(find("resolvers").type).to.deep.equal(["list", "string"]);
    expect(find("command").type).to.deep.equal(["object", { argv: ["list", "string"] }]);
  });

  it("tells words, default and variables", () => {
    expect(find("cache").wire.description).to.match(
      /One of: `disk`, `memory`, `none`\. Default: `disk`\. Environment: `YCIAM_CACHE`\.$/,
    );
    const [token] = inner("iam_token");
    expect(token?.description).to.contain("`YC_IAM_TOKEN`, `YC_TOKEN` when it has the shape of an IAM token");
  });

  it("lets one token differ in how long it lives and whose it is", () => {
    expect(overrideAttributes().map(({ name }) => name)).to.deep.equal([
      "min_remaining_validity",
      "refresh_after",
      "timeout",
      "impersonate",
    ]);
  });
});
