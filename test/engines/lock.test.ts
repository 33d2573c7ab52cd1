import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { withLock } from "./lock";

const MAIN = join(__dirname, "main.ts");

describe("bootstraps at the same time", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine().withGo()));
  afterEach(() => machine.dispose());

  const builds = (): number => machine.goCalls().filter((call) => call.startsWith("build")).length;
  const lock = (): string => join(machine.root, "cache/yciam/engines.lock");

  /** Another process that makes tofu available, on this machine's PATH and cache. */
  function start(env: Record<string, string> = {}): ChildProcess {
    const argv = ["-r", "ts-node/register/transpile-only", MAIN, "tofu"];
    return spawn(process.execPath, argv, {
      env: { ...machine.env, ...env },
      stdio: "ignore",
    });
  }

  async function until(happened: () => boolean): Promise<void> {
    while (!happened()) await sleep(20);
  }

  it("build an engine once between them", async () => {
    const children = [start({ FAKE_BUILD_SECONDS: "0.5" }), start({ FAKE_BUILD_SECONDS: "0.5" })];
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    expect(codes).to.deep.equal([0, 0]);
    expect(builds()).to.equal(1);
    expect(existsSync(lock())).to.equal(false);
  });

  it("stand one that was killed: no half engine, no lock that holds for ever", async () => {
    const killed = start({ FAKE_BUILD_SECONDS: "600" });
    await until(() => builds() === 1);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const engines = join(machine.root, "cache/yciam/engines");
    expect(readdirSync(engines).every((name) => name.startsWith(".unfinished-"))).to.equal(true);

    const [code] = (await once(start(), "exit")) as [number];
    expect(code).to.equal(0);
    expect(readdirSync(engines)).to.have.length(1);
    expect(readdirSync(join(engines, readdirSync(engines)[0] as string, "bin"))).to.deep.equal(["tofu"]);
  });

  it("end the build that they wait for when they are told to end", async () => {
    const ended = start({ FAKE_BUILD_SECONDS: "600" });
    await until(() => builds() === 1);
    ended.kill("SIGTERM");
    const [code] = (await once(ended, "exit")) as [number];
    expect(code).to.equal(1);
  });

  it("say whom they wait for, and go on when the lock is given back", async () => {
    const waitedFor: string[] = [];
    let release = (): void => undefined;
    const first = withLock(
      lock(),
      () => undefined,
      () => new Promise<void>((resolve) => (release = resolve)),
    );
    const second = withLock(
      lock(),
      (holder) => (waitedFor.push(holder), release()),
      async () => "done",
    );
    expect(await second).to.equal("done");
    await first;
    expect(waitedFor).to.deep.equal([`${process.pid}@${hostname()}`]);
  });

  it("do not take a lock from another host's process, whose life cannot be seen", async () => {
    machine.write("cache/yciam/engines.lock", "1@elsewhere");
    let told = "";
    const taken = withLock(
      lock(),
      (holder) => {
        told = holder;
        // Now it is ours to judge: a process of this host that does not exist.
        machine.write("cache/yciam/engines.lock", `999999999@${hostname()}`);
      },
      async () => undefined,
    );
    await taken;
    expect(told).to.equal("1@elsewhere");
  });

  it("give the lock back when the work fails", async () => {
    const failed = withLock(
      lock(),
      () => undefined,
      () => Promise.reject(new Error("broken")),
    );
    expect(await failed.catch((error: Error) => error.message)).to.equal("broken");
    expect(existsSync(lock())).to.equal(false);
  });
});
