import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import former from "../../release.config.json";
import { folderForEach } from "../support/folders";
import { copyRepository } from "../support/repository-copy";

const ROOT = join(__dirname, "../..");
/** The changelog tells how things were. */
const MAY_STAY = ["CHANGELOG.md"];
const MINE = {
  repository: "https://git.mine.test/me/yciam",
  namespace: "my-own",
  pluginDownloadURL: "https://git.mine.test/me/yciam/releases",
  goModule: "git.mine.test/me/yciam/sdk/go",
};

describe("the names of release.config.json", function () {
  this.timeout(120_000);
  const folder = folderForEach();

  it("are followed by all that names them, when they are changed and changed again", () => {
    const copy = folder.path;
    copyRepository(copy);
    const run = (script: string) =>
      execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", script], {
        cwd: copy,
      });
    const rename = (names: object) => {
      writeFileSync(join(copy, "release.config.json"), JSON.stringify(names));
      for (const script of ["names", "types"]) run(`scripts/generate-${script}.ts`);
    };
    rename(MINE);
    expect(run("scripts/generate-check.ts").toString()).to.equal("");
    const { namespace, ...others } = former;
    const old = [...Object.values(others), `"${namespace}/yciam"`, `.org/${namespace}/`, `.io/${namespace}/`];
    const left = readdirSync(copy, { recursive: true, encoding: "utf8" })
      .filter((path) => !path.startsWith("node_modules") && statSync(join(copy, path)).isFile())
      .filter((path) => old.some((name) => readFileSync(join(copy, path), "latin1").includes(name)));
    expect(left).to.deep.equal(MAY_STAY);
    rename(former);
    const changed = (path: string) =>
      readFileSync(join(copy, path), "utf8") !== readFileSync(join(ROOT, path), "utf8");
    for (const path of [
      "README.md",
      "package.json",
      "provider/generated/release.ts",
      "docs/index.md",
      "sdk/go/go.mod",
      "test/release/terraform.test.ts",
    ])
      expect(changed(path), path).to.equal(false);
  });
});
