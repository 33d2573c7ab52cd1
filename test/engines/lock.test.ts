import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { processesMarked } from "../support/engine-processes";
import { FakeMachine } from "../support/engine-fakes";
import { transpiling } from "../support/bundle";

describe("bootstraps at the same time", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine().withGo()));
  afterEach(() => machine.dispose());

  const builds = (): number => machine.goCalls().filter((call) => call.startsWith("build")).length;
  const engines = (...path: string[]): string[] =>
    readdirSync(join(machine.root, "cache/yciam/engines", ...path));

  /** Another process that makes tofu available, on this machine's PATH and cache. */
  function start(seconds: number): ChildProcess {
    const env = { ...machine.env, FAKE_BUILD_SECONDS: String(seconds) };
    return spawn(process.execPath, [...transpiling, join(__dirname, "main.ts"), "tofu"], {
      env,
      stdio: "ignore",
    });
  }
  const codeOf = async (child: ChildProcess): Promise<number> => (await once(child, "exit"))[0] as number;

  async function startBuilding(): Promise<ChildProcess> {
    const child = start(600);
    while (builds() === 0) await sleep(20);
    return child;
  }

  it("build an engine once between them", async () => {
    expect(await Promise.all([start(0.5), start(0.5)].map(codeOf))).to.deep.equal([0, 0]);
    expect(builds()).to.equal(1);
    expect(readdirSync(join(machine.root, "cache/yciam"))).to.deep.equal(["engines"]);
  });

  it("stand one that was killed: no half engine, no lock that holds for ever", async () => {
    const killed = await startBuilding();
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect(engines().every((name) => name.startsWith(".unfinished-"))).to.equal(true);
    expect(await codeOf(start(0))).to.equal(0);
    expect(engines()).to.have.length(1);
    expect(engines(engines()[0] as string, "bin")).to.deep.equal(["tofu"]);
  });

  it("end the build that they wait for when they are told to end", async () => {
    const ended = await startBuilding();
    ended.kill("SIGTERM");
    expect(await codeOf(ended)).to.equal(1);
    while (processesMarked(`FAKES=${machine.root}`).length > 0) await sleep(20);
  });
});
