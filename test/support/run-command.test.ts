import { expect } from "chai";
import { processesMarked } from "./engine-processes";
import { ok, runCommand } from "./run-command";

const PATH = "/usr/bin:/bin";
const shell = (script: string): string[] => ["/bin/sh", "-c", script];

describe("runCommand", () => {
  it("gives a program its input and returns what it printed", async () => {
    const result = await runCommand(shell("cat; echo err >&2; exit 3"), { env: { PATH }, input: "in" });
    expect(result).to.deep.include({ code: 3, stdout: "in", stderr: "err\n" });
  });

  it("passes on nothing of our own environment", async () => {
    process.env.YC_TOKEN = "ambient";
    try {
      const { stdout } = await runCommand(["/usr/bin/env"], { env: { PATH } });
      expect(stdout.split("\n").map((line) => line.split("=")[0])).to.have.members([
        "PATH",
        "TEST_RUN_ID",
        "",
      ]);
    } finally {
      delete process.env.YC_TOKEN;
    }
  });

  it("stands a program that does not read its input", async () => {
    const result = await runCommand(["/bin/true"], { env: {}, input: "x".repeat(1_000_000) });
    expect(result.code).to.equal(0);
  });

  it("rejects when there is no such program", async () => {
    const error = await runCommand(["/nowhere/program"], { env: {} }).catch((reason: Error) => reason);
    expect(error).to.have.property("code", "ENOENT");
  });

  it("ends a program at its time limit, and what left its group too", async () => {
    const marker = `MARK=${Date.now()}`;
    const argv = shell("setsid sleep 600 & sleep 600");
    const result = await runCommand(argv, { env: { PATH, MARK: marker.slice(5) }, timeoutMs: 300 });
    expect(result).to.deep.include({ code: null, killed: "timeout" });
    expect(processesMarked(marker)).to.deep.equal([]);
  });

  it("ends a program when it is aborted", async () => {
    const stop = new AbortController();
    const running = runCommand(shell("sleep 600"), { env: { PATH }, signal: stop.signal });
    stop.abort();
    expect(await running).to.have.property("killed", "abort");
  });

  it("ends a program at once for a signal that was aborted before", async () => {
    const result = await runCommand(shell("sleep 600"), { env: { PATH }, signal: AbortSignal.abort() });
    expect(result).to.have.property("killed", "abort");
  });

  it("tells with ok how a program failed, and what it printed", async () => {
    const result = await runCommand(shell("echo out; echo err >&2; exit 7"), { env: { PATH } });
    expect(() => ok(result)).to.throw(/ended with code 7\nout\n\nerr\n$/);
  });
});
