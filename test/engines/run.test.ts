import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { run } from "./run";

describe("programs that the bootstrap runs", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine()));
  afterEach(() => machine.dispose());

  const shell = (script: string, timeoutMs?: number): ReturnType<typeof run> =>
    run(["/bin/sh", "-c", script], { env: machine.env, ...(timeoutMs ? { timeoutMs } : {}) });

  it("keep their standard output apart from what is shown when they fail", async () => {
    expect(await shell("echo out; sleep 0.05; echo err >&2")).to.deep.equal({
      ok: true,
      stdout: "out\n",
      output: "out\nerr\n",
    });
  });

  it("fail with their exit code", async () => {
    expect(await shell("exit 3")).to.have.property("ok", false);
  });

  it("fail with a reason when they are not there", async () => {
    const ran = await run(["/nowhere/program"], { env: machine.env });
    expect(ran).to.have.property("ok", false);
    expect(ran.output).to.contain("ENOENT");
  });

  it("end at their time limit together with what they started", async () => {
    const ran = await shell(`sleep 600 & echo $! > "${machine.root}/pid"; wait`, 200);
    expect(ran.ok).to.equal(false);
    const pid = Number(readFileSync(`${machine.root}/pid`, "utf8"));
    while (isRunning(pid)) await sleep(10);
  });

  function isRunning(pid: number): boolean {
    if (!existsSync(`/proc/${pid}/stat`)) return false;
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  }
});
