import { expect } from "chai";
import { spawnSync, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createCertificate } from "../../../provider/terraform/plugin/certificate";
import { buildDemo } from "../support/demo-program";
import { callProvider, connect, failureOf, status } from "../support/grpc-client";
import { type PluginProcess, startPlugin } from "../support/plugin-process";
import { useScratch } from "../support/scratch";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const host = createCertificate(Date.now(), "secp521r1");

describe("terraform plugin: AutoMTLS", () => {
  const scratch = useScratch();
  let plugin: PluginProcess | undefined;

  async function start(clientCertificate: string): Promise<PluginProcess["handshake"]> {
    plugin = await startPlugin(scratch.path("demo"), {
      PLUGIN_CLIENT_CERT: clientCertificate,
      TMPDIR: scratch.path(),
    });
    return plugin.handshake;
  }

  before(() => buildDemo(scratch.path("demo")));
  afterEach(async () => {
    plugin?.process.kill("SIGKILL");
    await plugin?.ended;
  });

  it("serves the host that holds the key to its certificate, P-521 as hosts make them", async () => {
    const handshake = await start(host.pem);
    expect(handshake.line).to.match(/\|grpc\|[A-Za-z0-9+/]{400,}$/);
    const schema = await callProvider(connect(handshake, host), "getProviderSchema", {});
    expect(schema.dataSourceSchemas).to.have.keys("demo_echo", "demo_fail");
  });

  it("refuses another certificate, no certificate, and plain HTTP/2; the host is still served", async () => {
    const handshake = await start(host.pem);
    const strangers = {
      "another of the same name": connect(handshake, createCertificate(Date.now(), "secp521r1")),
      none: connect(handshake),
      plain: connect({ ...handshake, certificate: "" }),
    };
    for (const [name, client] of Object.entries(strangers)) {
      const failure = await failureOf(callProvider(client, "getProviderSchema", {}));
      expect(failure.code, name).to.equal(status.UNAVAILABLE);
      client.close();
    }
    await callProvider(connect(handshake, host), "getProviderSchema", {});
  });

  it("serves a certificate made by openssl", async function () {
    if (!hasOpenssl) this.skip();
    const [key, cert] = [scratch.path("key.pem"), scratch.path("cert.pem")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp521r1", "-nodes"];
    const subject = ["-subj", "/O=HashiCorp/CN=localhost", "-days", "1"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    const made = { pem: readFileSync(cert, "utf8"), privateKey: readFileSync(key, "utf8") };
    const handshake = await start(made.pem);
    await callProvider(connect(handshake, made), "getProviderSchema", {});
  });
});
