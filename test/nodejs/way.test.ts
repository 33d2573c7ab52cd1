import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emulatorForAll } from "../resolvers/support";
import { folderForEach } from "../support/folders";
import { runCommand } from "../support/run-command";

/** DESIGN.md, section 8: how deep a first call with a key file goes, and how many functions of our own it needs. */
const MOST_FRAMES = 14;
const MOST_FUNCTIONS = 100;

const ROOT = join(__dirname, "../..");

describe("the way of a call", () => {
  const emulator = emulatorForAll();
  const folder = folderForEach();

  it("is short from getIamToken() to the HTTP client: by frames and by functions", async () => {
    const file = join(folder.path, "key.json");
    writeFileSync(file, JSON.stringify(await emulator.current.createKey()));
    const child = join(__dirname, "way-child.ts");
    const { stdout, stderr } = await runCommand(
      [process.execPath, "-r", "ts-node/register/transpile-only", child, file, emulator.current.iamEndpoint],
      { cwd: ROOT, env: { PATH: process.env.PATH ?? "", HOME: folder.path, XDG_CACHE_HOME: folder.path } },
    );
    expect(stderr).to.equal("");
    const { frames, functions } = JSON.parse(stdout) as Record<"frames" | "functions", readonly string[]>;
    // Both ends of the way were seen, and the key file was read on it.
    expect(frames.at(-1)).to.equal("sdk/nodejs/get-iam-token.ts getIamToken");
    expect(frames[0]).to.match(/^provider\/platform\/http\.ts /);
    expect(functions).to.include("provider/resolvers/service-account-key.ts resolve");
    expect(frames.length, frames.join("\n")).to.be.within(8, MOST_FRAMES);
    expect(functions.length, functions.join("\n")).to.be.within(50, MOST_FUNCTIONS);
  }).timeout(60_000);
});
