import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("generated messages", () => {
  it("is what the script makes of the .proto files", () => {
    const script = join(root, "scripts/generate-messages.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
  }).timeout(60_000);
});
