import { expect } from "chai";
import { IMPERSONATE, SETTINGS } from "../../../provider/core/options/settings";
import { resolvers } from "../../../provider/resolvers/index";
import { camelCase, snakeCase } from "../../../provider/terraform/yciam/names";

const groups = [...resolvers, { name: "impersonate", options: IMPERSONATE }];
const paths = [
  ...Object.keys(SETTINGS),
  ...groups.flatMap(({ name, options }) => [
    name,
    ...Object.keys(options).map((option) => `${name}.${option}`),
  ]),
];

describe("terraform names", () => {
  it("spells an option as Terraform's users do", () => {
    expect(snakeCase("serviceAccountKey.file")).to.equal("service_account_key.file");
    expect(snakeCase("caFile")).to.equal("ca_file");
    expect(snakeCase("(not a name)")).to.equal("(not a name)");
  });

  for (const path of paths) {
    it(`brings ${path} there and back`, () => {
      expect(snakeCase(path)).to.match(/^[a-z_]+(\.[a-z_]+)?$/);
      expect(camelCase(snakeCase(path))).to.equal(path);
    });
  }
});
