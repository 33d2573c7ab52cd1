import { once } from "node:events";
import { type IncomingMessage } from "node:http";
import { get, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { createAuthority } from "./certificate";
import { call } from "./client";

/** The error that a promise ends with. */
async function failure(attempt: Promise<unknown>): Promise<NodeJS.ErrnoException> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.an.instanceOf(Error);
  return error as NodeJS.ErrnoException;
}

describe("emulator: where it listens", () => {
  let emulator: Emulator | undefined;

  afterEach(async () => {
    await emulator?.close();
    emulator = undefined;
  });

  it("is 127.0.0.1 and a free port", async () => {
    emulator = await startEmulator();
    expect(emulator.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(emulator.iamEndpoint).to.equal(emulator.url);
    expect(emulator.authEndpoint).to.equal(emulator.url);
    expect(`http://${emulator.metadataAddress}`).to.equal(emulator.url);
    expect(emulator.urlIpv6).to.equal(undefined);
  });

  it("is never an address that others can reach", async () => {
    for (const host of ["0.0.0.0", "::", "", "192.168.0.1", "localhost", "127.0.0.1.example", "fe80::1"]) {
      const error = await failure(startEmulator({ host }));
      expect(error).to.be.an.instanceOf(TypeError);
      expect(error.message).to.include(`loopback address only (127.0.0.1 or ::1), not on "${host}"`);
    }
  });

  it("is ::1 too when asked for", async () => {
    emulator = await startEmulator({ ipv6: true });
    expect(emulator.urlIpv6).to.match(/^http:\/\/\[::1\]:\d+$/);
    expect((await call(`${emulator.urlIpv6}/endpoints`)).status).to.equal(200);
    expect((await call(`${emulator.url}/endpoints`)).status).to.equal(200);
    expect(emulator.counts.endpoints).to.equal(2);
  });

  it("is a port of the caller's choice, and taken by one only", async () => {
    const first = (emulator = await startEmulator());
    const port = Number(new URL(first.url).port);
    expect((await failure(startEmulator({ port }))).code).to.equal("EADDRINUSE");
    await first.close();
    emulator = await startEmulator({ port });
    expect(emulator.url).to.equal(first.url);
  });

  it("leaves nothing open when the second listener fails", async () => {
    const blocker = await startEmulator({ host: "::1" });
    const port = Number(new URL(blocker.url).port);
    try {
      expect((await failure(startEmulator({ port, ipv6: true }))).code).to.equal("EADDRINUSE");
      emulator = await startEmulator({ port });
    } finally {
      await blocker.close();
    }
  });

  it("closes with connections open, twice without harm", async () => {
    const running = await startEmulator();
    const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
    await once(socket, "connect");
    running.faults.inject({ bodyDelayMs: 3600_000 });
    socket.write("GET /endpoints HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    expect(running.openSockets()).to.equal(1);
    const closed = once(socket, "close");
    await Promise.all([running.close(), running.close()]);
    await closed;
    await running.close();
    expect(running.openSockets()).to.equal(0);
    expect((await failure(fetch(running.url))).cause).to.have.property("code", "ECONNREFUSED");
  });
});

describe("emulator: TLS", () => {
  const authority = createAuthority();
  let emulator: Emulator | undefined;

  afterEach(() => emulator?.close());

  async function status(options: RequestOptions): Promise<number | undefined> {
    const outgoing = get(`${emulator?.url}/endpoints`, { agent: false, ...options });
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  }

  it("serves a certificate that is checked", async () => {
    emulator = await startEmulator({ tls: authority.issue() });
    expect(emulator.url).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await status({ ca: authority.cert })).to.equal(200);
    expect((await failure(status({}))).code).to.equal("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  it("serves one for another name, or an expired one", async () => {
    emulator = await startEmulator({ tls: authority.issue({ names: ["elsewhere.example"] }) });
    expect((await failure(status({ ca: authority.cert }))).code).to.equal("ERR_TLS_CERT_ALTNAME_INVALID");
    await emulator.close();
    emulator = await startEmulator({ tls: authority.issue({ notAfter: new Date(Date.now() - 1000) }) });
    expect((await failure(status({ ca: authority.cert }))).code).to.equal("CERT_HAS_EXPIRED");
  });

  it("names addresses without a scheme in the discovery, as the real one does", async () => {
    emulator = await startEmulator({ tls: authority.issue() });
    expect(emulator.endpoints.get("iam")).to.equal(emulator.url.slice("https://".length));
  });

  it("leaves the metadata, and nothing else, on plain HTTP", async () => {
    emulator = await startEmulator({ tls: authority.issue() });
    const plain = `http://${emulator.metadataAddress}`;
    const headers = { "metadata-flavor": "Google" };
    const path = "/computeMetadata/v1/instance/service-accounts/default/token";
    expect((await call(plain + path, { headers })).status).to.equal(200);
    expect((await call(`${plain}/endpoints`)).status).to.equal(404);
    expect(emulator.counts).to.include({ metadata: 1, notFound: 1 });
  });

  it("is cut by a fault as well", async () => {
    emulator = await startEmulator({ tls: authority.issue() });
    for (const reset of ["before", "headers"] as const) {
      emulator.faults.inject({ reset });
      expect((await failure(status({ ca: authority.cert }))).code).to.equal("ECONNRESET");
    }
  });
});
