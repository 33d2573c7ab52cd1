import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../emulator";
import { bareEnvironment } from "../support/engine-env";
import { wordsOf } from "../support/programs";
import { ok, runCommand } from "../support/run-command";
import { Cli, interrupt } from "./run";

describe("the end of yciam", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let cli: Cli;

  beforeEach(async () => {
    emulator = await startEmulator();
    // A time limit longer than the test may take.
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, YCIAM_TIMEOUT: "10m" });
    cli.write("key.json", JSON.stringify(await emulator.createKey()));
  });
  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  const BUSY = 'console.error("busy"); setInterval(() => {}, 1000);';
  for (const [what, module] of [
    [
      "at work",
      `exports.mine = { name: "mine", summary: "M.", options: {}, resolve() { ${BUSY} return new Promise(() => {}); } };`,
    ],
    ["being loaded", `${BUSY} while (true) await new Promise(() => {}); export {};`],
  ] as const) {
    it(`comes with Ctrl-C though a resolver of one's own is ${what} and does not mind`, async () => {
      const file = cli.write(what === "at work" ? "busy.cjs" : "busy.mjs", module);
      const args = ["token", "--resolver-modules", file, "--resolvers", "mine"];
      const child = cli.start(args, ["ignore", "ignore", "pipe"]);
      await once(child.stderr!, "data");
      expect(await interrupt(child)).to.equal(130);
    });
  }

  it("comes when the work is done, though a resolver of one's own left something open", async () => {
    const own = cli.own(
      `setInterval(() => {}, 1000); return { id: "mine", token: async () => ({ token: new Secret("t1.own.token") }) };`,
    );
    expect(ok(await cli.run(["token", ...own])).stdout).to.equal("t1.own.token\n");
    const failing = cli.own(`setInterval(() => {}, 1000); return unavailable("there is none", "wait");`);
    expect((await cli.run(["token", ...failing])).code).to.equal(1);
  });

  it("comes with Ctrl-C while it waits for standard input, and while it waits for IAM", async () => {
    const reading = cli.start(["token", "--iam-token-token", "-"], "pipe");
    // More than a pipe holds: it is written once somebody reads.
    await new Promise((written) => reading.stdin!.write("x".repeat(2 ** 20), written));
    expect(await interrupt(reading)).to.equal(130);
    emulator.faults.inject({ delayMs: 600_000 });
    const child = cli.start(["token", "--service-account-key-file", "key.json"], "ignore");
    while (emulator.requests.length === 0) await delay(20);
    expect(await interrupt(child)).to.equal(130);
  });

  for (const args of [
    ["token", "--service-account-key-file"],
    ["revoke", "--token-file"],
    ["token", "--service-account-key-file", "key.json", "--ca-file"],
  ]) {
    it(`comes with Ctrl-C in ${args.join(" ")}, though nobody writes to the pipe that it names`, async () => {
      const pipe = join(cli.home, "pipe");
      execFileSync("mkfifo", [pipe]);
      const child = cli.start([...args, pipe], "ignore");
      // A writer can open a pipe only once somebody reads it; this one then waits, and never writes.
      const writer = spawn("sh", ["-c", `exec 3> "$0"; echo open; exec sleep 600`, pipe], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(writer.stdout, "data");
      // It now waits for what is written, in a moment that cannot be seen from outside.
      await delay(300);
      expect(await interrupt(child)).to.equal(130);
      writer.kill();
    });
  }

  it("does not come before a pipe is read whose program has ended: the shell's <(...) gives a key file", async () => {
    const env = { ...bareEnvironment(cli.home), YCIAM_IAM_ENDPOINT: emulator.iamEndpoint };
    // What <(...) is to the program, in words that every shell knows.
    const command = `${wordsOf("yciam")
      .map((word) => `'${word}'`)
      .join(" ")} token --service-account-key-file /dev/fd/3 3<&0 </dev/null`;
    for (const writer of ["cat key.json", "(sleep 0.3; cat key.json)"]) {
      const run = runCommand(["sh", "-c", `${writer} | (sleep 0.1; ${command})`], { cwd: cli.home, env });
      expect(ok(await run).stdout).to.equal(`${emulator.issuedTokens.at(-1)?.token}\n`);
    }
  });
});
