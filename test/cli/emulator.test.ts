import { expect } from "chai";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

describe("yciam emulator", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();

  it("runs until Ctrl-C, and another run gets a token from it", async () => {
    const file = join(world.cli.home, "emulator-key.json");
    const { child, printed, end } = world.cli.start(["emulator", "--key-file", file]);
    while (!printed.stdout.includes("YC_SERVICE_ACCOUNT_KEY_FILE=")) await once(child.stdout!, "data");
    const env = Object.fromEntries(
      [...printed.stdout.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [
        name as string,
        value as string,
      ]),
    );
    expect(env["YCIAM_IAM_ENDPOINT"]).not.to.equal(world.emulator.iamEndpoint);
    const { stdout } = ok(await world.cli.run(["token"], { env }));
    expect(stdout).to.match(/^t1\.[\w-]+={0,2}\.[\w-]{86}\n$/);
    child.kill("SIGINT");
    expect(await end).to.equal(0);
    expect(existsSync(file)).to.equal(false);
  });

  it("tells by code 1 that it cannot start", async () => {
    const { code, stderr } = await world.cli.run(["emulator", "--key-file", world.keyFile]);
    expect(code).to.equal(1);
    expect(stderr).to.include("a file of this name exists");
  });
});
