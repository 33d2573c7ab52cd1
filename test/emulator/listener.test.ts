import { once } from "node:events";
import { type IncomingMessage } from "node:http";
import { get } from "node:https";
import { expect } from "chai";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import { failureOf } from "../support/failure";
import { call } from "./client";

describe("emulator: where it listens", () => {
  const open: Emulator[] = [];
  const start = async (options?: EmulatorOptions) => {
    open.push(await startEmulator(options));
    return open.at(-1) as Emulator;
  };
  const portOf = ({ url }: Emulator) => Number(new URL(url).port);
  afterEach(() => Promise.all(open.splice(0).map((emulator) => emulator.close())));

  it("is 127.0.0.1 and a free port, and ::1 too when asked for", async () => {
    const { url, iamEndpoint, authEndpoint, metadataAddress, urlIpv6 } = await start();
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    const others = [iamEndpoint, authEndpoint, `http://${metadataAddress}`, urlIpv6];
    expect(others).to.deep.equal([url, url, url, undefined]);
    const six = await start({ ipv6: true });
    expect(six.urlIpv6).to.match(/^http:\/\/\[::1\]:\d+$/);
    for (const root of [six.url, six.urlIpv6]) expect((await call(`${root}/endpoints`)).status).to.equal(200);
    expect(six.counts.endpoints).to.equal(2);
  });

  it("is never an address that others can reach", async () => {
    for (const host of ["0.0.0.0", "::", "", "192.168.0.1", "localhost", "127.0.0.1.example", "fe80::1"]) {
      const error = await failureOf<NodeJS.ErrnoException>(start({ host }));
      expect(error).to.be.an.instanceOf(TypeError);
      expect(error.message).to.include(`loopback address only (127.0.0.1 or ::1), not on "${host}"`);
    }
  });

  it("is a port of the caller's choice, taken by one only; nothing stays open when the second listener fails", async () => {
    const first = await start();
    const port = portOf(first);
    expect((await failureOf<NodeJS.ErrnoException>(start({ port }))).code).to.equal("EADDRINUSE");
    await first.close();
    const blocker = await start({ host: "::1", port });
    expect((await failureOf<NodeJS.ErrnoException>(start({ port, ipv6: true }))).code).to.equal("EADDRINUSE");
    await blocker.close();
    expect((await start({ port })).url).to.equal(first.url);
  });

  it("closes with connections open and replies half sent, twice without harm", async () => {
    const running = await start();
    running.faults.inject({ bodyDelayMs: 3600_000 });
    const half = await fetch(`${running.url}/endpoints`);
    expect(running.openSockets()).to.equal(1);
    await Promise.all([running.close(), running.close()]);
    await running.close();
    await failureOf<NodeJS.ErrnoException>(half.text());
    expect(running.openSockets()).to.equal(0);
    expect((await failureOf<NodeJS.ErrnoException>(fetch(running.url))).cause).to.have.property(
      "code",
      "ECONNREFUSED",
    );
  });

  describe("with TLS", () => {
    const { pem, privateKey } = createCertificate(Date.now());
    let emulator: Emulator;
    beforeEach(async () => (emulator = await start({ tls: { cert: pem, key: privateKey } })));

    async function status(ca?: string): Promise<number | undefined> {
      const outgoing = get(`https://localhost:${portOf(emulator)}/endpoints`, { agent: false, ca });
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    }

    it("serves a certificate that is checked; the discovery names no scheme, as the real one does", async () => {
      expect(emulator.url).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(await status(pem)).to.equal(200);
      expect((await failureOf<NodeJS.ErrnoException>(status())).code).to.equal("DEPTH_ZERO_SELF_SIGNED_CERT");
      expect(emulator.endpoints.get("iam")).to.equal(emulator.url.slice("https://".length));
    });

    it("leaves the metadata, and nothing else, on plain HTTP", async () => {
      const plain = `http://${emulator.metadataAddress}`;
      const headers = { "metadata-flavor": "Google" };
      const path = "/computeMetadata/v1/instance/service-accounts/default/token";
      expect((await call(plain + path, { headers })).status).to.equal(200);
      expect((await call(`${plain}/endpoints`)).status).to.equal(404);
      expect(emulator.counts).to.include({ metadata: 1, notFound: 1 });
    });
  });
});
