import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineFolders } from "../support/engine-env";
import { followGuide } from "../support/guides";
import { GuideWorld } from "./world";

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the guide to the emulator", function () {
  this.timeout(60_000);
  let world: GuideWorld;

  /** The guide's emulator, while it runs. */
  const started = (): number[] => {
    const file = join(world.home, "emulator.pid");
    const pids = existsSync(file) ? [Number(readFileSync(file, "utf8"))] : [];
    return pids.filter(isRunning);
  };
  afterEach(async () => {
    // What the guide started, should it not have come to its end.
    for (const pid of started()) process.kill(pid, "SIGKILL");
    await world.close();
  });

  it("is true from its first line to its last", async function () {
    const [python, node] = await Promise.all([engineFolders("pysdk"), engineFolders("npm")]);
    world = await GuideWorld.create(python);
    if (python === undefined || node === undefined) return this.skip();
    const env = { ...world.reader.env, NODE_PATH: join(node[0] ?? "", "node_modules") };
    const [, header, ofPython, ofNode] = await followGuide("emulator", { ...world.reader, env });
    expect(header?.stdout).to.match(/Bearer t1\./);
    for (const result of [ofPython, ofNode]) expect(result?.stdout).to.include("demo-cloud");
    expect(world.emulator.requests, "of another emulator").to.deep.equal([]);
    while (started().length > 0) await sleep(20);
    for (const name of ["key.json", "ca.pem"]) expect(existsSync(join(world.home, name))).to.equal(false);
  });
});
