import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { bareEnvironment } from "../support/engine-env";
import { ok, runCommand } from "../support/run-command";
import { Cli, MAIN } from "./run";

describe("a pipe that yciam is to read", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let cli: Cli;
  let env: Record<string, string>;

  beforeEach(async () => {
    emulator = await startEmulator();
    cli = new Cli();
    env = { ...bareEnvironment(cli.home), YCIAM_IAM_ENDPOINT: emulator.iamEndpoint };
    writeFileSync(join(cli.home, "key.json"), JSON.stringify(await emulator.createKey()));
  });
  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  it("gives a key file as the shell's <(...) does, whose program may have ended by then", async () => {
    const [node, main] = [process.execPath, MAIN].map((word) => `'${word}'`);
    // What <(...) is to the program, in words that every shell knows.
    const command = `${node} ${main} token --service-account-key-file /dev/fd/3 3<&0 </dev/null`;
    for (const writer of ["cat key.json", "(sleep 0.3; cat key.json)"]) {
      const run = runCommand(["sh", "-c", `${writer} | (sleep 0.1; ${command})`], { cwd: cli.home, env });
      expect(ok(await run).stdout).to.equal(`${emulator.issuedTokens.at(-1)?.token}\n`);
    }
  });

  for (const args of [
    ["token", "--service-account-key-file"],
    ["revoke", "--token-file"],
    ["token", "--service-account-key-file", "key.json", "--ca-file"],
  ]) {
    it(`does not hold back Ctrl-C in ${args.join(" ")}, though nobody writes to it`, async () => {
      const pipe = join(cli.home, "pipe");
      execFileSync("mkfifo", [pipe]);
      const child = spawn(process.execPath, [MAIN, ...args, pipe], {
        cwd: cli.home,
        // Longer than the test may take.
        env: { ...env, YCIAM_TIMEOUT: "10m" },
        stdio: "ignore",
      });
      // A writer can open a pipe only once somebody reads it; this one then waits, and never writes.
      const writer = spawn("sh", ["-c", `exec 3> "$0"; echo open; exec sleep 60`, pipe], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(writer.stdout, "data");
      // It now waits for what is written, in a moment that cannot be seen from outside.
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill("SIGINT");
      expect(((await once(child, "exit")) as [number | null])[0]).to.equal(130);
      writer.kill();
    });
  }
});
