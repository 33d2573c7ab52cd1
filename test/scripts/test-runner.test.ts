import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseTests } from "../../scripts/test/files.mjs";
import { summaryOf } from "../../scripts/test/report.mjs";
import { runTests, type Way } from "../../scripts/test/runner.mjs";
import { folderForEach } from "../support/folders";

const ROOT = join(__dirname, "../..");

describe("the runner of tests", () => {
  const folder = folderForEach();

  /** What is said at the end of a run of files with these names, weights and texts; two may weigh 2 together. */
  async function run(
    files: readonly [string, number, string, Way?][],
    options = {},
    graceMs = 60_000,
  ): Promise<string> {
    const tools = `const fs = require("node:fs"); const is = (name) => fs.existsSync(__dirname + "/" + name);
      const mark = (name) => fs.writeFileSync(__dirname + "/" + name, "");
      const until = async (name) => { while (!is(name)) await new Promise((next) => setTimeout(next, 5)); };\n`;
    const jobs = files.map(([name, weight, text, way]) => {
      const file = join(folder.path, `${name}.cjs`);
      writeFileSync(file, tools + text);
      return { file, weight, ...(way === undefined ? {} : { way }) };
    });
    const reports = await runTests({ jobs, capacity: 2, options: { forbidOnly: true, ...options }, graceMs });
    return summaryOf(reports, 1000);
  }

  it("shows failures whole, then the files that cost most, and ends with a line for programs", async () => {
    const said = await run([
      ["good", 1, `it("a", () => {}); it.skip("b"); it("c", () => {});`],
      ["bad", 1, `describe("suite", () => it("breaks", () => { throw new Error("one\\ntwo"); }));`],
    ]);
    expect(said).to.match(
      /bad\.cjs\n\n {2}1\) suite\n {7}breaks:\n\s+Error: one\n\s*two\n\s+at .*bad\.cjs:\d+/,
    );
    expect(said).to.match(
      /\n2 files in 1\.0s, 1 tests skipped\..*\n( +[\d.]+s {2}.*\.cjs\n){2}2 passed, 1 failed$/,
    );
  });

  for (const [what, text, says] of [
    ["cannot be loaded", "it(;", /SyntaxError/],
    ["ends its process", `it("a", () => process.exit(3))`, /its process ended with code 3/],
    ["has `.only`", `it.only("a", () => {});`, /`\.only` is not supported|forbidden/],
    ["leaves something open", `it("a", () => { setInterval(() => {}, 1000); });`, /its process did not end/],
  ] as const) {
    it(`takes a file for failed that ${what}, and goes on with the others`, async () => {
      const said = await run(
        [
          ["bad", 2, text],
          ["good", 2, `it("b", () => {})`],
        ],
        {},
        what === "leaves something open" ? 500 : undefined,
      );
      expect(said)
        .to.match(says)
        .and.match(/\d passed, 1 failed$/);
    });
  }

  it("runs side by side what weighs little enough, and nothing beside what weighs all", async () => {
    const meet = (own: string, other: string) =>
      `it("meets", async () => { mark("${own}"); await until("${other}"); mark("${own}.end"); });`;
    const alone = `it("is alone", () => { if (!is("a.end") || !is("b.end")) throw new Error("it is not"); });`;
    expect(
      await run([
        ["a", 1, meet("a", "b")],
        ["all", 2, alone],
        ["b", 1, meet("b", "a")],
      ]),
    ).to.match(/3 passed, 0 failed$/);
  });

  it("runs a file in another process where one is named, and says so", async () => {
    const asks =
      'it("asks", () => { if (process.env.OF_THE_WAY !== "1") throw new Error("another process"); });';
    const way = { title: "another way", env: { OF_THE_WAY: "1" } };
    const said = await run([
      ["a", 1, asks, way],
      ["b", 1, 'it("is plain", () => { if (process.env.OF_THE_WAY) throw new Error("not plain"); });'],
      ["c", 1, asks, way],
    ]);
    expect(said)
      .to.match(/[ac]\.cjs another way\n/)
      .and.match(/b\.cjs\n/)
      .and.match(/3 passed, 0 failed$/);
  });

  it("is narrowed by a word of a title, by files, by folders and by `unit`", async () => {
    const two = `it("about a chain", () => {}); it("about a token", () => {});`;
    expect(await run([["file", 1, two]], { grep: "chain" })).to.match(/1 passed, 0 failed$/);
    const chosen = chooseTests(ROOT, ["test/scripts", "test/app.test.ts"]);
    expect(chosen)
      .to.include.members(["test/scripts/tar.test.ts", "test/app.test.ts"])
      .and.not.include("test/docs.test.ts");
    expect(() => chooseTests(ROOT, ["test/nothing"])).to.throw("There is no test in test/nothing.");
    const unit = chooseTests(ROOT, ["unit"]).filter((file) =>
      /\/app\.test|quickstart|test-runner/.test(file),
    );
    expect(unit).to.deep.equal(["test/app.test.ts"]);
  });
});
