import { expect } from "chai";
import { createCertificate } from "../../provider/tls/certificate";
import { Cli } from "../cli/run";
import { startTrial, type Trial } from "../faults/iam";
import { startConnectProxy } from "../support/connect-proxy";
import { runsExecutable } from "../support/programs";
import { ok } from "../support/run-command";

const [ours, another] = [createCertificate(Date.now()), createCertificate(Date.now())];
const tls = { cert: ours.pem, key: ours.privateKey };

// Node trusts the system's authorities only where a flag says so, and only Linux has a variable for where they are.
(runsExecutable && process.platform === "linux" ? describe : describe.skip)(
  "TLS of the executable",
  function () {
    this.timeout(60_000);
    let trial: Trial;
    let cli: Cli;
    beforeEach(async () => {
      trial = await startTrial({ tls });
      const iamEndpoint = trial.emulator.iamEndpoint.replace("127.0.0.1", "localhost");
      cli = new Cli({ YCIAM_IAM_ENDPOINT: iamEndpoint, YCIAM_RETRIES: "0" });
      cli.write("key.json", trial.key);
      cli.write("ours.pem", ours.pem);
      cli.write("another.pem", another.pem);
    });
    afterEach(async () => {
      cli.cleanup();
      await trial.close();
    });
    const get = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      cli.run(["token", "--service-account-key-file", "key.json", ...args], { env });

    for (const args of [[], ["--ca-file", "another.pem"]]) {
      it(`trusts the system's authorities: ${args[0] ?? "nothing else is named"}`, async () => {
        expect((await get({}, ...args)).stderr).to.include("its certificate is not trusted");
        ok(await get({ SSL_CERT_FILE: "ours.pem" }, ...args));
      });
    }

    it("goes through a proxy that has TLS of such an authority and wants a password, and shows none", async () => {
      const proxy = await startConnectProxy({ tls, credentials: "user:pass-that-hides" });
      try {
        const address = proxy.address.replace("127.0.0.1", "localhost");
        const HTTPS_PROXY = `https://user:pass-that-hides@${address}`;
        const loud = { DEBUG: "*", NODE_DEBUG: "http,https,net,tls", BUN_CONFIG_VERBOSE_FETCH: "curl" };
        const { stderr } = ok(await get({ SSL_CERT_FILE: "ours.pem", HTTPS_PROXY, ...loud }));
        expect(proxy.asked).to.have.length(1);
        trial.assertSilent(stderr);
        expect(stderr).not.to.match(/pass-that-hides|cGFzcy10aGF0LWhpZGVz|dXNlcjpwYXNz/);
      } finally {
        await proxy.close();
      }
    });
  },
);
