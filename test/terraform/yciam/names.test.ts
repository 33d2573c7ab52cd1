import { expect } from "chai";
import { IMPERSONATE_GROUP, SETTINGS } from "../../../provider/core/options/settings";
import { resolvers } from "../../../provider/resolvers/index";
import { camelCase, snakeCase } from "../../../provider/terraform/yciam/names";

describe("terraform names", () => {
  it("brings every option there and back", () => {
    const groups = [...resolvers, IMPERSONATE_GROUP].flatMap(({ name, options }) => [
      name,
      ...Object.keys(options).map((option) => `${name}.${option}`),
    ]);
    for (const path of [...Object.keys(SETTINGS), ...groups]) {
      expect(snakeCase(path)).to.match(/^[a-z_]+(\.[a-z_]+)?$/);
      expect(camelCase(snakeCase(path))).to.equal(path);
    }
    expect(snakeCase("(not a name)")).to.equal("(not a name)");
  });
});
