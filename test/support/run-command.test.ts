import { expect } from "chai";
import { processesMarked } from "./engine-processes";
import { type CommandOptions, ok, runCommand } from "./run-command";

const PATH = "/usr/bin:/bin";
const shell = (script: string, options: Partial<CommandOptions> = {}) =>
  runCommand(["/bin/sh", "-c", script], { env: { PATH }, ...options });

describe("runCommand", () => {
  it("gives a program its input, returns what it printed, and passes on nothing of our own environment", async () => {
    process.env.YC_TOKEN = "ambient";
    try {
      const result = await shell("cat; env | grep -c YC_ >&2; exit 3", { input: "in" });
      expect(result).to.deep.include({ code: 3, stdout: "in", stderr: "0\n" });
    } finally {
      delete process.env.YC_TOKEN;
    }
  });

  it("stands a program that does not read its input", async () => {
    expect(await shell("true", { input: "x".repeat(1_000_000) })).to.have.property("code", 0);
  });

  it("rejects when there is no such program", async () => {
    const error = await runCommand(["/nowhere/program"], { env: {} }).catch((reason: Error) => reason);
    expect(error).to.have.property("code", "ENOENT");
  });

  it("ends a program at its time limit, and what left its group too", async () => {
    const MARK = String(Date.now());
    const result = await shell("setsid sleep 600 & sleep 600", { env: { PATH, MARK }, timeoutMs: 300 });
    expect(result).to.deep.include({ code: null, killed: "timeout" });
    expect(processesMarked(`MARK=${MARK}`)).to.deep.equal([]);
  });

  it("ends a program when it is aborted, even before it began", async () => {
    const stop = new AbortController();
    const running = shell("sleep 600", { signal: stop.signal });
    stop.abort();
    expect(await running).to.have.property("killed", "abort");
    expect(await shell("sleep 600", { signal: stop.signal })).to.have.property("killed", "abort");
  });

  it("tells with ok how a program failed, and what it printed", async () => {
    const result = await shell("echo out; echo err >&2; exit 7");
    expect(() => ok(result)).to.throw(/ended with code 7\nout\n\nerr\n$/);
  });
});
