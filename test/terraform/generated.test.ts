import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("terraform generated code", () => {
  it("is what the script makes of the .proto file", () => {
    const script = join(root, "scripts/generate-tfplugin.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
  }).timeout(60_000);
});
