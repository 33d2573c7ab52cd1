import { expect } from "chai";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createHttp } from "../../provider/platform/http";
import { createCertificate } from "../../provider/tls/certificate";
import { type SwallowingPort, swallowingPort } from "../support/swallowed";
import { failureOf, requestTo } from "./server";

const REPLY = 'HTTP/1.1 200 OK\r\nContent-Type: a/json\r\nContent-Length: 16\r\n\r\n{"iamToken":"a"}';
const { pem: cert, privateKey: key } = createCertificate(Date.now());
const http = createHttp({ userAgent: "yciam/test", random: () => 0 });
const impatient = createHttp({ userAgent: "yciam/test", random: () => 0, attemptTimeoutMs: 300 });

describe("platform/http, how a service failed", () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let swallowing: SwallowingPort | undefined;
  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    servers.splice(0).forEach((server) => server.close());
    await swallowing?.close();
    swallowing = undefined;
  });

  /** Listens, and answers whoever asks. */
  async function listen(answer: (socket: Socket) => unknown, tls = false): Promise<string> {
    const use = (socket: Socket) => {
      sockets.add(socket.on("error", () => undefined));
      socket.once("data", () => answer(socket));
    };
    const server = tls ? createTlsServer({ cert, key }, use) : createServer(use);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `${tls ? "https" : "http"}://localhost:${(server.address() as AddressInfo).port}`;
  }
  const failure = async (url: string, more = {}, client = http) => {
    const { failure, message } = await failureOf(client(requestTo(url, { retries: 0, ca: cert, ...more })));
    return `${failure}: ${message.replace(/(?:localhost|127.0.0.1):\d+/, "HOST")}`;
  };

  it("is unreachable where nothing listens, or no host has the name", async () => {
    const refused = "unreachable: GET HOST/ failed: nothing listens there (ECONNREFUSED).";
    expect(await failure("http://127.0.0.1:1")).to.equal(refused);
    const says = /^unreachable: GET no-such-host\.invalid\/ failed: .+ \((ENOTFOUND|EAI_AGAIN)\)\.$/;
    expect(await failure("http://no-such-host.invalid")).to.match(says);
  });

  it("I1: is unreachable where nobody answers the first packet, whichever time is up", async () => {
    swallowing = await swallowingPort();
    for (const limits of [{ connectTimeoutMs: 100 }, {}, { timeoutMs: 100 }]) {
      const end = await failure(`http://${swallowing.address}`, limits, impatient);
      expect(end).to.match(
        /^unreachable: GET HOST\/ failed: no connection in time .* proxy, or raise timeout\.$/,
      );
    }
  });

  const SLOW = "Raise timeout if the service is just slow.";
  const silences: Readonly<Record<string, string>> = {
    "accepts and never answers": "",
    "stops in the midst of the headers": REPLY.slice(0, 40),
    "stops in the midst of the body": REPLY.slice(0, -3),
  };
  for (const [what, sent] of Object.entries(silences)) {
    it(`I1: is a timeout of a service that ${what}`, async () => {
      const url = await listen((socket) => socket.write(sent));
      const short = `timeout: GET HOST/ did not answer in time. ${SLOW}`;
      expect(await failure(url, {}, impatient)).to.equal(short);
      const whole = `timeout: GET HOST/ did not end within the time allowed. ${SLOW}`;
      expect(await failure(url, { timeoutMs: 100 })).to.equal(whole);
    });
  }

  it("says how often it was tried, and judges by the last attempt", async () => {
    const url = await listen(() => undefined);
    const late = `timeout: GET HOST/ did not answer in time after 2 attempts. ${SLOW}`;
    expect(await failure(url, { retries: 1 }, impatient)).to.equal(late);
    const once = await listen((socket) => servers.at(-1)?.close() && socket.destroy());
    const refused = "unreachable: GET HOST/ failed after 2 attempts: nothing listens there (ECONNREFUSED).";
    expect(await failure(once, { retries: 1 })).to.equal(refused);
  });

  const cuts: Readonly<Record<string, (socket: Socket) => unknown>> = {
    ended: (socket) => socket.end(),
    reset: (socket) => socket.resetAndDestroy(),
  };
  for (const [how, cut] of Object.entries(cuts)) {
    it(`I1: is cut where the connection is ${how} after any byte of the reply`, async () => {
      for (let bytes = 0; bytes < REPLY.length; bytes += 1) {
        const url = await listen((socket) => socket.write(REPLY.slice(0, bytes), () => cut(socket)));
        const cutOff = "cut: GET HOST/ failed: the connection was cut (ECONNRESET).";
        expect(await failure(url), `after ${bytes} bytes`).to.equal(cutOff);
        servers.pop()?.close();
      }
    });
  }

  it("I1: is cut where a connection that was kept alive is cut, or TLS before, while or after it is agreed on", async () => {
    const kept = await listen((socket) => {
      socket.write(REPLY);
      socket.once("data", () => socket.destroy());
    });
    await http(requestTo(kept));
    const early = await listen((socket) => socket.destroy());
    const late = await listen((socket) => socket.destroy(), true);
    // It is this side that cuts it where the certificate is not trusted.
    for (const [url, ca] of [[kept], [early.replace("http:", "https:")], [late, cert], [late]])
      expect(await failure(url ?? "", { ca })).to.match(/^cut: /);
  });

  it("is a reply without sense where what answers speaks no TLS, or no HTTP", async () => {
    const url = await listen((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    const noTls = "reply: GET HOST/ failed: what answers there does not speak TLS (EPROTO).";
    expect(await failure(url.replace("http:", "https:"))).to.equal(noTls);
    expect(await failure(url)).to.match(/^reply: GET HOST\/ failed: no usable answer \(HPE_\w+\)\.$/);
  });
});
