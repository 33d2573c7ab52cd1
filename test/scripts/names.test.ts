import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import former from "../../release.config.json";
import { staleFiles } from "../../scripts/release/checks.mjs";
import { engineFolders } from "../support/engine-env";
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
  javaPackage: "test.mine",
  dotnetNamespace: "Mine",
};

describe("the names of release.config.json", function () {
  this.timeout(120_000);
  const folder = folderForEach();

  it("are followed by all that names them, when they are changed and changed again", async function () {
    if ((await engineFolders("sdkgen")) === undefined) return this.skip();
    const copy = folder.path;
    copyRepository(copy);
    const rename = (names: object) => {
      writeFileSync(join(copy, "release.config.json"), JSON.stringify(names));
      execFileSync("npm", ["run", "generate"], { cwd: copy, stdio: "pipe" });
    };
    rename(MINE);
    expect(staleFiles(copy)).to.deep.equal([]);
    const { namespace, dotnetNamespace, ...others } = former;
    const addresses = [`"${namespace}/yciam"`, `.org/${namespace}/`, `.io/${namespace}/`];
    const old = [...Object.values(others), `${dotnetNamespace}.Yciam`, ...addresses];
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
