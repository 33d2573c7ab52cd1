import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolverTable, readmeAsItShouldBe, settingsTable, withTables } from "../scripts/generate-docs";
import { IMPERSONATE, SETTINGS } from "../provider/core/options/settings";
import { resolvers } from "../provider/resolvers";

const readme = readFileSync(join(__dirname, "../README.md"), "utf8");

describe("the tables of README.md", () => {
  it("are those that the rows make: run `npm run generate` when they are not", () => {
    expect(readme).to.equal(readmeAsItShouldBe(readme));
  });

  it("would be seen to be stale when a row changes", () => {
    const [first, ...rest] = resolvers;
    const changed = [{ ...first, summary: "Something new." }, ...rest] as typeof resolvers;
    expect(withTables(readme, { resolvers: resolverTable(changed) })).not.to.equal(readme);
    expect(withTables(readme, { resolvers: resolverTable(rest) })).not.to.equal(readme);
  });

  it("name every resolver, option and variable, in the order of the chain", () => {
    const table = resolverTable(resolvers);
    const places = resolvers.map(({ name }) => table.indexOf(`| \`${name}\` |`));
    expect(places)
      .to.deep.equal([...places].sort((a, b) => a - b))
      .and.not.include(-1);
    for (const { options } of resolvers) {
      for (const [name, { env = [] }] of Object.entries(options)) {
        const variables = env.map((item) => (typeof item === "string" ? item : item.name));
        for (const word of [name, ...variables]) expect(table).to.include(`\`${word}\``);
      }
    }
    const settings = settingsTable(SETTINGS, IMPERSONATE);
    for (const name of [...Object.keys(SETTINGS), "impersonate.serviceAccountId"])
      expect(settings).to.include(`\`${name}\``);
  });

  it("mark the one that is in no chain unless named", () => {
    expect(resolverTable(resolvers))
      .to.match(/^\| - \| `command` \|/m)
      .and.match(/^\| 1 \| `iamToken` \|/m);
  });

  it("keep a bar in a text from becoming a column", () => {
    expect(settingsTable({ x: { kind: "string", doc: "This | that." } }, {})).to.include("This \\| that.");
  });

  it("cannot be written where there are no markers", () => {
    expect(() => withTables("no markers", { resolvers: "" })).to.throw(/no markers <!-- resolvers:start -->/);
  });
});
