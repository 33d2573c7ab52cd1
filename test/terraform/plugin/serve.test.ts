import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeValue } from "../../../provider/terraform/values";
import { demo } from "../support/demo-definition";
import { buildDemo, bundle } from "../support/demo-program";
import { callBytes, callProvider, connect, failureOf, status } from "../support/grpc-client";
import {
  HOST_ENV,
  isAlive,
  type PluginProcess,
  runToEnd,
  startPlugin,
  until,
} from "../support/plugin-process";
import { useScratch } from "../support/scratch";

const SHUTDOWN = "/plugin.GRPCController/Shutdown";

describe("terraform plugin: process", () => {
  const scratch = useScratch();
  const program = () => scratch.path("terraform-provider-demo");
  const started: PluginProcess[] = [];

  async function start(env: Record<string, string> = {}): Promise<PluginProcess> {
    const plugin = await startPlugin(program(), { TMPDIR: scratch.path(), ...env });
    started.push(plugin);
    return plugin;
  }

  before(() => buildDemo(program()));
  afterEach(async () => {
    for (const plugin of started.splice(0)) {
      plugin.process.kill("SIGKILL");
      await plugin.ended;
    }
  });

  describe("start", () => {
    it("ends with 1 and a hint when no host started it", async () => {
      const { code, stdout, stderr } = await runToEnd(program(), {});
      expect(code).to.equal(1);
      expect(stdout).to.equal("");
      expect(stderr).to.match(/^terraform-provider-demo is a plugin of Terraform and OpenTofu/);
    });

    it("ends with 1 when the host's certificate cannot be read, rather than serve anyone", async () => {
      const { code, stdout, stderr } = await runToEnd(program(), {
        ...HOST_ENV,
        PLUGIN_CLIENT_CERT: "nonsense",
      });
      expect(code).to.equal(1);
      expect(stdout).to.equal("");
      expect(stderr).to.match(/cannot start: PLUGIN_CLIENT_CERT/);
    });

    it("tells an old host which version it needs, on stderr and in the handshake", async () => {
      const plugin = await start({ PLUGIN_PROTOCOL_VERSIONS: "4,5" });
      expect(plugin.handshake.protocol).to.equal("6");
      plugin.process.kill("SIGTERM");
      expect((await plugin.ended).stderr).to.match(/"@message":"[^"]*speaks plugin protocol 6/);
    });

    it("prints one handshake line and serves on a socket only its user can reach", async () => {
      const { handshake } = await start();
      expect(handshake.line).to.match(/^1\|6\|unix\|\/[^|]+\|grpc\|$/);
      expect(statSync(handshake.address).mode & 0o777).to.equal(0o600);
      expect(statSync(dirname(handshake.address)).mode & 0o777).to.equal(0o700);
      const schema = await callProvider(connect(handshake), "getProviderSchema", {});
      expect(schema.serverCapabilities?.getProviderSchemaOptional).to.equal(true);
    });

    for (const [what, name] of [
      ["leaves no room for a socket's path", "d".repeat(90)],
      ["does not exist", "nowhere"],
      ["has the handshake's own sign in it", "a|b"],
    ] as const) {
      it(`passes over a TMPDIR that ${what}`, async () => {
        const folder = join(scratch.path(), name);
        if (name === "a|b") mkdirSync(folder, { recursive: true });
        const { handshake, process, ended } = await start({ TMPDIR: folder });
        expect(handshake.address).to.match(/^\/tmp\/yciam-/);
        process.kill("SIGTERM");
        await ended;
      });
    }

    it("serves on loopback within the host's ports where there are no Unix sockets", async () => {
      const one = await start({ DEMO_TCP: "1", PLUGIN_MIN_PORT: "23450" });
      const two = await start({ DEMO_TCP: "1", PLUGIN_MIN_PORT: "23450" });
      expect(one.handshake.network).to.equal("tcp");
      const ports = [one, two].map(({ handshake }) =>
        Number(/^127\.0\.0\.1:(\d+)$/.exec(handshake.address)?.[1]),
      );
      expect(ports[0]).to.be.within(23450, 25000);
      expect(ports[1]).to.be.within(23450, 25000).and.not.equal(ports[0]);
      await callProvider(connect(two.handshake), "getProviderSchema", {});
    });

    it("says so when every port is taken", async () => {
      const taken = await start({ DEMO_TCP: "1", PLUGIN_MIN_PORT: "23440" });
      const port = taken.handshake.address.split(":")[1]!;
      const env = { ...HOST_ENV, DEMO_TCP: "1", PLUGIN_MIN_PORT: port, PLUGIN_MAX_PORT: port };
      const { code, stderr } = await runToEnd(program(), env);
      expect(code).to.equal(1);
      expect(stderr).to.contain(`no free port between ${port} and ${port}`);
    });
  });

  describe("end", () => {
    it("answers Shutdown and ends at once", async () => {
      const plugin = await start();
      const client = connect(plugin.handshake);
      await callProvider(client, "getProviderSchema", {});
      const asked = Date.now();
      expect(await callBytes(client, SHUTDOWN)).to.have.length(0);
      expect(await plugin.ended).to.include({ code: 0 });
      expect(Date.now() - asked).to.be.below(5_000);
      expect(existsSync(dirname(plugin.handshake.address))).to.equal(false);
    });

    it("ends and removes its socket on SIGTERM", async () => {
      const plugin = await start();
      plugin.process.kill("SIGTERM");
      expect((await plugin.ended).code).to.equal(143);
      expect(existsSync(dirname(plugin.handshake.address))).to.equal(false);
    });

    it("outlives Ctrl-C and a closed terminal, which reach host and plugin alike", async () => {
      const plugin = await start();
      for (const signal of ["SIGINT", "SIGHUP"] as const) {
        plugin.process.kill(signal);
        await sleep(200);
        await callProvider(connect(plugin.handshake), "getProviderSchema", {});
      }
    });

    it("leaves when its host is killed", async () => {
      bundle(join(__dirname, "../support/host-program.ts"), scratch.path("host.cjs"));
      const host = spawn(process.execPath, [scratch.path("host.cjs"), program()], {
        env: { ...process.env, TMPDIR: scratch.path() },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = (await once(host.stdout, "data")) as [Buffer];
      const [pid = "", socket = ""] = said.toString().trim().split(" ");
      expect(isAlive(Number(pid))).to.equal(true);
      host.kill("SIGKILL");
      await once(host, "exit");
      expect(await until(() => !isAlive(Number(pid)), 8_000), "the plugin left").to.equal(true);
      expect(existsSync(socket)).to.equal(false);
    });

    it("stays while a host only dials again", async () => {
      const plugin = await start();
      for (let round = 0; round < 2; round++) {
        const client = connect(plugin.handshake);
        await callProvider(client, "getProviderSchema", {});
        client.close();
        await sleep(1_000);
      }
      expect(plugin.process.exitCode).to.equal(null);
    });
  });

  describe("failure", () => {
    it("ends the calls under way, not the process, when an error is thrown outside of any call", async () => {
      const plugin = await start();
      const client = connect(plugin.handshake);
      const config = (how: string | null) => encodeValue(demo.dataSources["demo_fail"]!.schema.type, { how });
      await callProvider(client, "configureProvider", { config: encodeValue(demo.schema.type, {}) });
      const call = callProvider(client, "readDataSource", {
        typeName: "demo_fail",
        config: config("uncaught"),
      });
      expect(await failureOf(call)).to.include({ code: status.INTERNAL });
      const later = await callProvider(client, "readDataSource", {
        typeName: "demo_fail",
        config: config(null),
      });
      expect(later.state).to.be.an("object");
      await callBytes(client, SHUTDOWN);
      const { stderr } = await plugin.ended;
      expect(stderr).to.match(
        /"an error outside of any call"[^]*"error":"Error at |"error":"Error at [^]*"an error outside of any call"/,
      );
      // What was thrown may say anything, a secret too.
      expect(stderr).not.to.contain("thrown outside of any call");
    });
  });
});
