import { expect } from "chai";
import { promisify } from "node:util";
import type { Run } from "./run";
import { eachInOwnWorld } from "./world";

const TRIES = 3;

describe("Ctrl-C during yciam", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();

  /** Milliseconds from the signal to the end: the best of a few runs, since a busy machine may be slow once. */
  async function timeToEnd(start: () => Promise<Run>, signal: NodeJS.Signals = "SIGINT"): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const { child, printed, end } = await start();
      const begin = performance.now();
      child.kill(signal);
      expect(await end).to.equal(130);
      times.push(performance.now() - begin);
      expect(printed).to.deep.equal({ stdout: "", stderr: "" });
    }
    return Math.min(...times);
  }

  async function requestSeen(run: Run): Promise<Run> {
    const seen = world.emulator.requests.length;
    while (world.emulator.requests.length === seen) await new Promise((resolve) => setTimeout(resolve, 10));
    return run;
  }

  beforeEach(() => world.emulator.faults.inject({ delayMs: 60_000, times: Infinity }));

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends an exchange at once, with code 130 (${signal})`, async () => {
      const args = ["token", "--service-account-key-file", world.keyFile];
      expect(await timeToEnd(() => requestSeen(world.cli.start(args)), signal)).to.be.lessThan(100);
    });
  }

  it("ends an explanation that asks the metadata service", async () => {
    const env = { YC_METADATA_ADDR: world.emulator.metadataAddress };
    const args = ["explain", "--resolvers", "instanceMetadata"];
    expect(await timeToEnd(() => requestSeen(world.cli.start(args, { env })))).to.be.lessThan(100);
  });

  it("ends a program of the user's, too", async () => {
    const args = ["token", "--command-argv", process.execPath, "--command-argv=-e"];
    const script = 'require("fs").writeFileSync("started", ""); setTimeout(() => {}, 60000)';
    const start = async () => {
      const run = world.cli.start([...args, `--command-argv=${script}`]);
      await world.cli.appearance("started");
      return run;
    };
    expect(await timeToEnd(start)).to.be.lessThan(100);
  });

  it("ends a wait for standard input", async () => {
    const start = async () => {
      const run = world.cli.start(["revoke"]);
      // More than any pipe holds: it is all written only once the command reads.
      await promisify(
        run.child.stdin!.write.bind(run.child.stdin) as (text: string, done: () => void) => void,
      )("x".repeat(4_000_000));
      return run;
    };
    expect(await timeToEnd(start)).to.be.lessThan(100);
  });
});
