import { expect } from "chai";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import { bareEnvironment } from "../support/engine-env";
import { folderForEach } from "../support/folders";
import { ok, runCommand } from "../support/run-command";
import { RELEASE, version } from "./released";

const MOST_BYTES = 5_000_000;

describe("the npm package of the release", function () {
  this.timeout(120_000);
  const folder = folderForEach();

  it("is all that the command and the plugins need: one package, from no registry, within 5 MB", async () => {
    const env = bareEnvironment(folder.path);
    const run = (...argv: string[]) => runCommand(argv, { cwd: folder.path, env });
    writeFileSync(join(folder.path, "package.json"), '{ "private": true }');
    ok(await run("npm", "install", "--offline", join(RELEASE, `yciam-${version}.tgz`)));
    const installed = join(folder.path, "node_modules");
    expect(readdirSync(installed).filter((name) => !name.startsWith("."))).to.deep.equal(["yciam"]);
    const { scripts } = JSON.parse(readFileSync(join(installed, "yciam/package.json"), "utf8")) as {
      scripts: object;
    };
    expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).to.deep.equal([]);
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    const sizes = files.map((name) => statSync(join(installed, name)).size);
    expect(sizes.reduce((sum, size) => sum + size)).to.be.below(MOST_BYTES);
    for (const [name, says] of [
      ["yciam", version],
      ["docker-credential-yciam", version],
      ["pulumi-resource-yciam", version],
      ["terraform-provider-yciam", "is a plugin of Terraform and OpenTofu"],
    ] as const) {
      const { stdout, stderr } = await run(
        "npx",
        "--offline",
        name,
        name.startsWith("docker") ? "version" : "--version",
      );
      expect(stdout + stderr, name).to.include(says);
    }
    for (const entry of Object.keys(manifest.exports).filter((name) => !/^\.$|dynamic|json/.test(name)))
      ok(await run(process.execPath, "-e", `require("yciam/${entry.slice(2)}")`));
    const { stderr } = await run(process.execPath, "-e", 'require("yciam")');
    expect(stderr).to.include('run "npm install @pulumi/pulumi"').and.to.include("yciam/token");
  });
});
