import { expect } from "chai";
import { createCertificate } from "../../../provider/tls/certificate";
import { buildTestProvider } from "../support/built";
import { callProvider, connect, failureOf, status } from "../support/grpc-client";
import { type PluginProcess, startPlugin } from "../support/plugin-process";
import { useScratch } from "../support/scratch";

describe("terraform plugin: AutoMTLS", () => {
  const scratch = useScratch();
  let plugin: PluginProcess;
  const host = createCertificate(Date.now());

  before(async () => {
    buildTestProvider(scratch.path("demo"));
    const env = { PLUGIN_CLIENT_CERT: host.pem, TMPDIR: scratch.path() };
    plugin = await startPlugin(scratch.path("demo"), env);
  });
  after(async () => {
    plugin.process.kill("SIGKILL");
    await plugin.ended;
  });

  it("serves the host that holds the key to its certificate, and nobody else", async () => {
    const { handshake } = plugin;
    expect(handshake.line).to.match(/\|grpc\|[A-Za-z0-9+/]{400,}$/);
    const strangers = {
      "another of the same name": connect(handshake, createCertificate(Date.now())),
      none: connect(handshake),
      plain: connect({ ...handshake, certificate: "" }),
    };
    for (const [name, client] of Object.entries(strangers)) {
      const failure = await failureOf(callProvider(client, "getProviderSchema", {}));
      expect(failure.code, name).to.equal(status.UNAVAILABLE);
      client.close();
    }
    const schema = await callProvider(connect(handshake, host), "getProviderSchema", {});
    expect(schema.dataSourceSchemas).to.have.keys("demo_echo", "demo_fail");
  });
});
