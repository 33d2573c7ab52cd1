import { status } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { expect } from "chai";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderForEach } from "../support/folders";
import { processesMarked } from "../support/engine-processes";
import { pluginFolder } from "../support/programs";
import { PluginClient, refusal } from "./support/client";

const PLUGIN = join(pluginFolder("pulumi-resource-yciam"), "pulumi-resource-yciam");
const FOR_NODE = join(__dirname, "../../build/node/pulumi-resource-yciam/pulumi-resource-yciam");
// Nobody listens there; it only says that an engine is the owner.
const ENGINE = "127.0.0.1:1";
const FLAGS = ["--logtostderr", "-v=9"];

describe("the plugin's process", function () {
  this.timeout(30_000);
  const folder = folderForEach();
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

  async function start(args: readonly string[], stdin: "pipe" | "ignore" = "pipe") {
    const child = spawn(PLUGIN, args, { stdio: [stdin, "pipe", "pipe"] });
    children.push(child);
    const printed = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    await once(child.stdout as NodeJS.ReadableStream, "data");
    return { child, printed, client: new PluginClient(Number(printed.stdout)), ended: once(child, "exit") };
  }

  it("prints the port and nothing more, and ends when the engine's pipe is closed", async () => {
    const { child, printed, client, ended } = await start([...FLAGS, ENGINE]);
    await client.handshake(ENGINE);
    await client.configure({ iamToken: { token: "t1.dead.dead", expiresAt: "2020-01-01T00:00:00Z" } });
    await client.invoke("getIamToken").catch(() => undefined);
    client.close();
    child.stdin?.end();
    expect(await ended).to.deep.equal([0, null]);
    expect(printed.stdout).to.match(/^\d+\n$/);
    expect(printed.stderr).to.equal("");
  });

  it("ends at an error outside of any call, of which it tells no more than kind and place", async () => {
    const library = JSON.stringify(join(__dirname, "../../dist/sdk/nodejs/resolvers.js"));
    const resolve = `() => { Promise.reject(new TypeError("canary")); return new Promise(() => {}); }`;
    const module = join(folder.path, "mine.cjs");
    writeFileSync(
      module,
      `exports.mine = require(${library}).defineResolver({ name: "mine", summary: "M.", options: {}, resolve: ${resolve} });`,
    );
    const { printed, client, ended } = await start([ENGINE]);
    await client.configure({ resolverModules: [module], resolvers: ["mine"] });
    const call = client.invoke("getIamToken").catch(() => undefined);
    expect(await ended).to.deep.equal([1, null]);
    expect(printed.stderr).to.match(/^pulumi-resource-yciam: an unexpected TypeError at mine\.cjs:1\. .+\n$/);
    await call;
    client.close();
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends by ${signal}, and answers a call in flight so`, async () => {
      const { child, client, ended } = await start([ENGINE]);
      await client.configure({ instanceMetadata: { address: "127.0.0.1:1" }, retries: 20 });
      const call = refusal(client.invoke("getIamToken"));
      await new Promise((done) => setTimeout(done, 100));
      child.kill(signal);
      expect((await call).code).to.equal(status.CANCELLED);
      expect(await ended).to.deep.equal([0, null]);
      client.close();
    });
  }

  it("stays when it was started by hand, to be attached to, until a signal comes", async () => {
    const { child, client, ended } = await start([], "ignore");
    await client.call("attach", new PluginAttach().setAddress(ENGINE));
    client.close();
    await new Promise((done) => setTimeout(done, 1200));
    expect(child.exitCode).to.equal(null);
    child.kill("SIGTERM");
    await ended;
  });

  it("ends when its parent was killed, though no pipe tells of it", async () => {
    const mark = `YCIAM_TEST_MARK=${process.pid}-${Date.now()}`;
    const [name = "", value] = mark.split("=");
    const env = { ...process.env, [name]: value };
    const script = `"${PLUGIN}" ${ENGINE} < /dev/null & wait`;
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"], env });
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
    const { status, stderr } = spawnSync("/bin/sh", [FOR_NODE], {
      env: { PATH: "/nonexistent" },
      encoding: "utf8",
    });
    expect(status).to.equal(1);
    expect(stderr).to.contain("Node.js 20.19 or newer");
  });
});
