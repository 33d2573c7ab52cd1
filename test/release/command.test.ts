import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { startEmulator } from "../../emulator";
import { folderForEach } from "../support/folders";
import { ok, runCommand } from "../support/run-command";
import { goPlatform } from "../terraform/support/built";
import { RELEASE, version } from "./released";

describe("the command of the release", function () {
  this.timeout(60_000);
  const folder = folderForEach();

  it("runs from its archive, with the credential helper beside it, where there is no other program", async () => {
    const emulator = await startEmulator();
    extract({ file: join(RELEASE, `yciam_${version}_${goPlatform()}.tar.gz`), cwd: folder.path, sync: true });
    writeFileSync(join(folder.path, "key.json"), JSON.stringify(await emulator.createKey()));
    const env = {
      PATH: folder.path,
      HOME: folder.path,
      YC_SERVICE_ACCOUNT_KEY_FILE: "key.json",
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
      YC_METADATA_ADDR: "127.0.0.1:1",
    };
    const run = async (...argv: string[]) =>
      ok(await runCommand(argv, { cwd: folder.path, env, input: "cr.yandex" })).stdout;
    try {
      const token = (await run("yciam", "token")).trim();
      expect(emulator.review(token)).not.to.equal(undefined);
      expect(JSON.parse(await run("docker-credential-yciam", "get"))).to.include({ Secret: token });
    } finally {
      await emulator.close();
    }
  });
});
