import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseTests } from "../../scripts/test/files.mjs";
import { summaryOf } from "../../scripts/test/report.mjs";
import { runTests } from "../../scripts/test/runner.mjs";
import { folderForEach } from "../support/folders";

const ROOT = join(__dirname, "../..");

describe("the runner of tests", () => {
  const folder = folderForEach();

  /** Runs files with these bodies, `name` being that of the file. */
  async function run(
    bodies: Readonly<Record<string, string>>,
    options: object = {},
    { weights = [1, 1, 1], graceMs = 20_000 } = {},
  ) {
    const jobs = Object.entries(bodies).map(([name, body], index) => {
      const file = join(folder.path, `${name}.cjs`);
      const tools = `const fs = require("node:fs"); const here = (name) => ${JSON.stringify(folder.path)} + "/" + name;
        const until = async (name) => { while (!fs.existsSync(here(name))) await new Promise((next) => setTimeout(next, 5)); };`;
      writeFileSync(file, `${tools}\n${body}`);
      return { file, weight: weights[index] as number };
    });
    const reports = await runTests({
      jobs,
      capacity: 2,
      options: { forbidOnly: true, ...options },
      graceMs,
    });
    return { reports, text: summaryOf(reports, 1000) };
  }

  it("counts what passed, failed and was skipped, shows failures whole, and ends with a line for programs", async () => {
    const { text } = await run({
      good: `it("a", () => {}); it.skip("b"); it("c", () => {});`,
      bad: `describe("suite", () => { it("breaks", () => { throw new Error("first line\\nsecond line"); }); });`,
    });
    expect(text).to.match(
      /bad\.cjs\n\n {2}1\) suite\n {7}breaks:\n\s+Error: first line\n\s*second line\n\s+at .*bad\.cjs:\d+/,
    );
    expect(text).to.match(
      /\n2 files in 1\.0s, 1 tests skipped\. .*\n( +[\d.]+s {2}.*\.cjs\n){2}2 passed, 1 failed$/,
    );
  });

  for (const [what, body, says] of [
    ["cannot be loaded", "it(;", /SyntaxError/],
    ["ends its process", `it("a", () => process.exit(3))`, /its process ended with code 3/],
    [
      "has only one test that counts",
      `it.only("a", () => {}); it("b", () => {});`,
      /`\.only` is not supported|forbidden/,
    ],
    ["leaves something open", `it("a", () => { setInterval(() => {}, 1000); });`, /its process did not end/],
  ] as const) {
    it(`takes a file for failed that ${what}, and goes on with the others`, async () => {
      const { text } = await run(
        { bad: body, good: `it("c", () => {})` },
        {},
        { weights: [2, 2], graceMs: 1000 },
      );
      expect(text)
        .to.match(says)
        .and.match(/\d passed, 1 failed$/);
    });
  }

  it("runs side by side what weighs little enough, and nothing beside what weighs all", async () => {
    const meet = (own: string, other: string) =>
      `it("meets", async () => { fs.writeFileSync(here("${own}"), ""); await until("${other}"); fs.writeFileSync(here("${own}.end"), ""); });`;
    const alone = `it("is alone", () => { if (!fs.existsSync(here("b.end"))) throw new Error("it is not"); });`;
    const { text } = await run(
      { one: meet("a", "b"), all: alone, two: meet("b", "a") },
      {},
      { weights: [1, 2, 1] },
    );
    expect(text).to.match(/3 passed, 0 failed$/);
  });

  it("is narrowed by a word of a title, by files, by folders and by `unit`", async () => {
    const { text } = await run(
      { file: `it("about a chain", () => {}); it("about a token", () => {});` },
      { grep: "chain" },
    );
    expect(text).to.match(/1 passed, 0 failed$/);
    const words = ["test/scripts", "test/app.test.ts"];
    expect(chooseTests(ROOT, words))
      .to.include.members(["test/scripts/tar.test.ts", "test/app.test.ts"])
      .and.not.include("test/docs.test.ts");
    expect(() => chooseTests(ROOT, ["test/nothing"])).to.throw("There is no test in test/nothing.");
    const unit = chooseTests(ROOT, ["unit"]);
    expect(unit).to.include("test/app.test.ts");
    const withPrograms = ["test/e2e/quickstart.test.ts", "test/scripts/test-runner.test.ts"];
    expect(withPrograms.filter((file) => unit.includes(file))).to.deep.equal([]);
  });
});
