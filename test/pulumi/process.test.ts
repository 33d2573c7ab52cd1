import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { processesMarked } from "../support/engine-processes";
import { PluginClient } from "./support/client";

const FOLDER = join(__dirname, "../../build/pulumi-resource-yciam");
const PLUGIN = join(FOLDER, "pulumi-resource-yciam");
// Nobody listens there; it only says that an engine is the owner.
const ENGINE = "127.0.0.1:1";
const FLAGS = ["--logtostderr", "-v=9"];

describe("the plugin's process", function () {
  this.timeout(30_000);
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

  async function start(args: readonly string[], stdin: "pipe" | "ignore" = "pipe") {
    const child = spawn(PLUGIN, args, { stdio: [stdin, "pipe", "pipe"] });
    children.push(child);
    const printed = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    await once(child.stdout as NodeJS.ReadableStream, "data");
    const port = Number(printed.stdout);
    const ended = once(child, "exit").then(([code, signal]) => ({
      code: code as number,
      signal: signal as string,
    }));
    return { child, printed, port, ended };
  }

  /** Milliseconds until it ends; an Error when it is still there after five seconds. */
  async function timeToEnd(ended: Promise<unknown>): Promise<number> {
    const began = performance.now();
    const late = new Promise((_, fail) => setTimeout(fail, 5000, new Error("it is still running")).unref());
    await Promise.race([ended, late]);
    return performance.now() - began;
  }

  it("prints the port on standard output, and nothing more anywhere", async () => {
    const { child, printed, port, ended } = await start([...FLAGS, ENGINE]);
    const client = new PluginClient(port);
    await client.handshake(ENGINE);
    await client.configure({ iamToken: { token: "t1.dead.dead", expiresAt: "2020-01-01T00:00:00Z" } });
    await client.invoke("getIamToken").catch(() => undefined);
    client.close();
    child.stdin?.end();
    await ended;
    expect(printed.stdout).to.match(/^\d+\n$/);
    expect(printed.stderr).to.equal("");
  });

  it("ends when the engine's pipe is closed", async () => {
    const { child, ended } = await start([ENGINE]);
    child.stdin?.end();
    expect(await timeToEnd(ended)).to.be.lessThan(5000);
    expect(await ended).to.deep.equal({ code: 0, signal: null });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends by ${signal}, with a call in flight`, async () => {
      const { child, port, ended } = await start([ENGINE]);
      const client = new PluginClient(port);
      await client.configure({ instanceMetadata: { address: "127.0.0.1:1" }, retries: 20 });
      const call = client.invoke("getIamToken").catch(() => undefined);
      await new Promise((done) => setTimeout(done, 100));
      child.kill(signal);
      expect(await timeToEnd(ended)).to.be.lessThan(5000);
      await call;
      client.close();
    });
  }

  it("stays when it was started by hand, to be attached to, until a signal comes", async () => {
    const { child, port, ended } = await start([], "ignore");
    const client = new PluginClient(port);
    await client.attach(ENGINE);
    client.close();
    await new Promise((done) => setTimeout(done, 1200));
    expect(child.exitCode).to.equal(null);
    child.kill("SIGTERM");
    await ended;
  });

  it("ends when its parent was killed, though no pipe tells of it", async () => {
    const mark = `YCIAM_TEST_MARK=${process.pid}-${Date.now()}`;
    const [name = "", value] = mark.split("=");
    const script = `"${PLUGIN}" ${ENGINE} < /dev/null & wait`;
    const parent = spawn("sh", ["-c", script], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, [name]: value },
    });
    children.push(parent);
    await once(parent.stdout, "data");
    expect(processesMarked(mark)).to.have.length(2);
    parent.kill("SIGKILL");
    const began = Date.now();
    while (processesMarked(mark).length > 0 && Date.now() - began < 5000)
      await new Promise((done) => setTimeout(done, 50));
    expect(processesMarked(mark)).to.deep.equal([]);
  });

  it("says what is missing where there is no Node", async () => {
    const child = spawn("/bin/sh", [PLUGIN], {
      env: { PATH: "/nonexistent" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect(code).to.equal(1);
    expect(stderr).to.contain("Node.js 20.19 or newer");
  });
});

describe("the plugin's bundle", () => {
  const bundle = readFileSync(join(FOLDER, "index.js"), "utf8");

  it("holds the protocol of @pulumi/pulumi, and none of the rest, which takes a second to load", () => {
    const parts = [...bundle.matchAll(/^\/\/ node_modules\/@pulumi\/pulumi\/(\w+)/gm)].map(
      ([, folder]) => folder,
    );
    expect(new Set(parts)).to.deep.equal(new Set(["proto"]));
  });

  it("asks for no package at run time", () => {
    const asked = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) =>
      name.replace(/^node:/, ""),
    );
    expect([...new Set(asked)].filter((name) => !builtinModules.includes(name))).to.deep.equal([]);
  });

  it("comes with the licences of all that is in it", () => {
    const notices = readFileSync(join(FOLDER, "THIRD_PARTY_NOTICES.txt"), "utf8");
    for (const name of ["@grpc/grpc-js", "@pulumi/pulumi", "google-protobuf", "got", "jose"])
      expect(notices).to.contain(`${name} `);
  });
});
