import { expect } from "chai";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildTestProvider } from "../support/built";
import { demo } from "../support/demo-definition";
import { callBytes, connect, failureOf, status } from "../support/grpc-client";
import { HOST_ENV, type PluginProcess, runToEnd, startPlugin } from "../support/plugin-process";
import { ProviderClient } from "../support/provider-client";
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

  const schemasOf = ({ handshake }: PluginProcess) => new ProviderClient(demo, connect(handshake)).schemas();

  before(() => buildTestProvider(program()));
  afterEach(async () => {
    for (const plugin of started.splice(0)) {
      plugin.process.kill("SIGKILL");
      await plugin.ended;
    }
  });

  describe("start", () => {
    const refused: readonly [title: string, env: Record<string, string>, says: RegExp][] = [
      ["when no host started it", {}, /^terraform-provider-demo is a plugin of Terraform and OpenTofu/],
      [
        "when the host's certificate cannot be read, rather than serve anyone",
        { ...HOST_ENV, PLUGIN_CLIENT_CERT: "nonsense" },
        /cannot start: PLUGIN_CLIENT_CERT/,
      ],
    ];
    for (const [title, env, says] of refused)
      it(`ends with 1 and a hint ${title}`, async () => {
        const { code, stdout, stderr } = await runToEnd(program(), env);
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
        expect(stderr).to.match(says);
      });

    it("tells an old host which version it needs, on stderr and in the handshake", async () => {
      const plugin = await start({ PLUGIN_PROTOCOL_VERSIONS: "4,5" });
      expect(plugin.handshake.protocol).to.equal("6");
      plugin.process.kill("SIGTERM");
      expect((await plugin.ended).stderr).to.match(/"@message":"[^"]*speaks plugin protocol 6/);
    });

    it("prints one handshake line and serves on a socket only its user can reach", async () => {
      const plugin = await start();
      const { line, address } = plugin.handshake;
      expect(line).to.match(/^1\|6\|unix\|\/[^|]+\|grpc\|$/);
      expect(statSync(address).mode & 0o777).to.equal(0o600);
      expect(statSync(dirname(address)).mode & 0o777).to.equal(0o700);
      expect((await schemasOf(plugin)).serverCapabilities).to.include({ getProviderSchemaOptional: true });
    });

    for (const [what, name] of [
      ["leaves no room for a socket's path", "d".repeat(90)],
      ["does not exist", "nowhere"],
      ["has the handshake's own sign in it", "a|b"],
    ] as const)
      it(`passes over a TMPDIR that ${what}`, async () => {
        if (name === "a|b") mkdirSync(scratch.path(name));
        const { handshake, process, ended } = await start({ TMPDIR: scratch.path(name) });
        expect(handshake.address).to.match(/^\/tmp\/yciam-/);
        process.kill("SIGTERM");
        await ended;
      });

    it("serves on loopback within the host's ports where there are no Unix sockets, or says that all are taken", async () => {
      const [one, two] = [await start({ DEMO_TCP: "1" }), await start({ DEMO_TCP: "1" })];
      const ports = [one, two].map(
        ({ handshake }) => /^127\.0\.0\.1:(\d+)$/.exec(handshake.address)?.[1] ?? "",
      );
      expect(Number(ports[0])).to.be.within(10_000, 25_000);
      expect(ports[1]).not.to.equal(ports[0]);
      await schemasOf(two);
      const [port = ""] = ports;
      const env = { ...HOST_ENV, DEMO_TCP: "1", PLUGIN_MIN_PORT: port, PLUGIN_MAX_PORT: port };
      const { code, stderr } = await runToEnd(program(), env);
      expect(code).to.equal(1);
      expect(stderr).to.contain(`no free port between ${port} and ${port}`);
    });
  });

  describe("end", () => {
    it("answers Shutdown, ends at once and removes its socket", async () => {
      const plugin = await start();
      await schemasOf(plugin);
      expect(await callBytes(connect(plugin.handshake), SHUTDOWN)).to.have.length(0);
      expect(await plugin.ended).to.include({ code: 0 });
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
        await schemasOf(plugin);
      }
    });

    it("ends the calls under way, not the process, when an error is thrown outside of any call", async () => {
      const plugin = await start();
      const host = new ProviderClient(demo, connect(plugin.handshake));
      await host.configure();
      const lost = await failureOf(host.read("demo_fail", { how: "uncaught" }));
      expect(lost).to.include({ code: status.INTERNAL });
      expect((await host.read("demo_fail")).values).to.deep.equal({ how: null });
      plugin.process.kill("SIGTERM");
      const { stderr } = await plugin.ended;
      expect(stderr).to.match(/"error":"Error at .*"an error outside of any call"/);
      // What was thrown may say anything, a secret too.
      expect(stderr).not.to.contain("thrown outside of any call");
    });
  });
});
