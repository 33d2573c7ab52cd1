import { expect } from "chai";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createHttp } from "../../provider/platform/http";
import { createCertificate } from "../../provider/terraform/plugin/certificate";
import { type SwallowingPort, swallowingPort } from "../support/swallowed";
import { failureOf, requestTo } from "./server";

const REPLY =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"iamToken":"a"}';
const { pem: cert, privateKey: key } = createCertificate(Date.now());
const http = createHttp({ userAgent: "yciam/test", random: () => 0, attemptTimeoutMs: 300 });

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

  /** Listens; whoever asks is answered by `answer`, with the socket and the number of the connection. */
  async function listen(answer: (socket: Socket, number: number) => void, tls = false): Promise<string> {
    let number = 0;
    const use = (socket: Socket) => {
      sockets.add(socket.on("error", () => undefined));
      const nth = (number += 1);
      socket.once("data", () => answer(socket, nth));
    };
    const server = tls ? createTlsServer({ cert, key }, use) : createServer(use);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `${tls ? "https" : "http"}://localhost:${(server.address() as AddressInfo).port}`;
  }
  const failure = async (url: string, more = {}, client = http) => {
    const error = await failureOf(client(requestTo(url, { retries: 0, ca: cert, ...more })));
    return { kind: error.failure, message: error.message.replace(/localhost:\d+|127.0.0.1:\d+/, "HOST") };
  };

  it("is unreachable where nothing listens, or no host has the name", async () => {
    expect(await failure("http://127.0.0.1:1")).to.deep.equal({
      kind: "unreachable",
      message: "GET HOST/ failed: nothing listens there (ECONNREFUSED).",
    });
    const { kind, message } = await failure("http://no-such-host.invalid");
    expect(kind).to.equal("unreachable");
    expect(message).to.match(/ failed: .+ \((ENOTFOUND|EAI_AGAIN)\)\.$/);
  });

  for (const [what, limits] of [
    ["the time to connect", { connectTimeoutMs: 100 }],
    ["the time for an attempt", {}],
    ["all time", { timeoutMs: 100 }],
  ] as const) {
    it(`I1: is unreachable where nobody answers the first packet and ${what} is up`, async () => {
      swallowing = await swallowingPort();
      expect(await failure(`http://${swallowing.address}`, limits)).to.deep.equal({
        kind: "unreachable",
        message:
          "GET HOST/ failed: no connection in time (ETIMEDOUT). Check the network and any proxy, or raise timeout.",
      });
    });
  }

  const SLOW = "Raise timeout if the service is just slow.";
  const silences: readonly [string, string][] = [
    ["accepts and never answers", ""],
    ["stops in the midst of the headers", REPLY.slice(0, 40)],
    ["stops in the midst of the body", REPLY.slice(0, -3)],
  ];
  for (const [what, sent] of silences) {
    it(`I1: is a timeout of a service that ${what}`, async () => {
      const url = await listen((socket) => void socket.write(sent));
      const short = { kind: "timeout", message: `GET HOST/ did not answer in time. ${SLOW}` };
      expect(await failure(url)).to.deep.equal(short);
      const whole = { kind: "timeout", message: `GET HOST/ did not end within the time allowed. ${SLOW}` };
      expect(await failure(url, { timeoutMs: 100 })).to.deep.equal(whole);
    });
  }

  it("says how often it was tried, and judges by the last attempt", async () => {
    const url = await listen(() => undefined);
    const message = `GET HOST/ did not answer in time after 2 attempts. ${SLOW}`;
    expect(await failure(url, { retries: 1 })).to.deep.equal({ kind: "timeout", message });
    const once = await listen((socket) => {
      servers.at(-1)?.close();
      socket.destroy();
    });
    expect(await failure(once, { retries: 1 })).to.deep.equal({
      kind: "unreachable",
      message: "GET HOST/ failed after 2 attempts: nothing listens there (ECONNREFUSED).",
    });
  });

  const cuts: Readonly<Record<string, (socket: Socket) => unknown>> = {
    ended: (socket) => socket.end(),
    reset: (socket) => socket.resetAndDestroy(),
  };
  for (const [how, cut] of Object.entries(cuts)) {
    it(`I1: is cut where the connection is ${how} after any byte of the reply`, async () => {
      for (let bytes = 0; bytes < REPLY.length; bytes += 1) {
        const url = await listen((socket) => socket.write(REPLY.slice(0, bytes), () => cut(socket)));
        const { kind, message } = await failure(url);
        expect([kind, message], `after ${bytes} bytes`).to.deep.equal([
          "cut",
          "GET HOST/ failed: the connection was cut (ECONNRESET).",
        ]);
        servers.pop()?.close();
      }
    });
  }

  it("I1: is cut where a connection that was kept alive is cut", async () => {
    const url = await listen((socket) => {
      socket.write(REPLY);
      socket.once("data", () => socket.destroy());
    });
    await http(requestTo(url));
    expect((await failure(url)).kind).to.equal("cut");
  });

  it("I1: is cut where TLS is cut, before and after it is agreed on", async () => {
    const early = await listen((socket) => socket.destroy());
    expect((await failure(early.replace("http:", "https:"))).kind).to.equal("cut");
    const late = await listen((socket) => socket.destroy(), true);
    expect((await failure(late)).kind).to.equal("cut");
  });

  it("is cut where the certificate is not trusted; says how to trust a private authority", async () => {
    const url = await listen((socket) => socket.end(REPLY), true);
    const { kind, message } = await failure(url, { ca: undefined });
    expect(kind).to.equal("cut");
    expect(message).to.match(
      /not trusted\. If a proxy .+ name its file in caFile or NODE_EXTRA_CA_CERTS \(\w+\)\.$/,
    );
  });

  it("is a reply without sense where what answers speaks no TLS, or no HTTP", async () => {
    const url = await listen((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    expect(await failure(url.replace("http:", "https:"))).to.deep.equal({
      kind: "reply",
      message: "GET HOST/ failed: what answers there does not speak TLS (EPROTO).",
    });
    const { kind, message } = await failure(url);
    expect(kind).to.equal("reply");
    expect(message).to.match(/^GET HOST\/ failed: no usable answer \(HPE_\w+\)\.$/);
  });
});
