import { expect } from "chai";
import { bareEnvironment } from "../support/engine-env";
import { ok, runCommand } from "../support/run-command";
import { MAIN } from "./run";

/** The packages that are loaded together with some modules. */
async function packagesOf(...modules: readonly string[]): Promise<readonly string[]> {
  const script = `
    for (const module of ${JSON.stringify(modules)}) require(module);
    const names = Object.keys(require.cache).map((path) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(path)?.[1]);
    console.log(JSON.stringify([...new Set(names)].filter((name) => name !== undefined)));`;
  const env = bareEnvironment(process.cwd());
  return JSON.parse(ok(await runCommand([process.execPath, "-e", script], { env })).stdout) as string[];
}

describe("the start of yciam", function () {
  this.timeout(60_000);

  it("loads no package but the one that reads the command line: signing and asking load theirs when they must", async () => {
    expect(await packagesOf(MAIN)).to.deep.equal(["commander"]);
    // What would be seen of one that is loaded.
    expect(await packagesOf(MAIN, require.resolve("jose"))).to.include("jose");
  });
});
