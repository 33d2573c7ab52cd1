import { connect } from "node:net";
import { type IncomingMessage, request } from "node:http";
import { once } from "node:events";
import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { type Answer, assertion, call, exchange } from "./client";

describe("emulator: faults", () => {
  let emulator: Emulator;
  let key: KeyFile;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
  });
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  async function mint(): Promise<Answer> {
    return exchange(emulator, await assertion(emulator, key));
  }

  /** The error code of a fetch that got no whole answer. */
  async function broken(attempt: Promise<unknown>): Promise<unknown> {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.an.instanceOf(TypeError);
    return ((error as TypeError).cause as { code?: string } | undefined)?.code;
  }

  it("come in order, so many times, and only to their route", async () => {
    emulator.faults.inject({ route: "tokens", status: 503, times: 2 });
    emulator.faults.inject({ route: "clouds", status: 500 });
    expect((await call(`${emulator.url}/endpoints`)).status).to.equal(200);
    expect([(await mint()).status, (await mint()).status, (await mint()).status]).to.deep.equal([
      503, 503, 200,
    ]);
    expect((await call(`${emulator.url}/resource-manager/v1/clouds`)).status).to.equal(500);
    expect(emulator.counts).to.include({ tokens: 3, exchanges: 1 });
  });

  it("may let calls pass first, or hit every one", async () => {
    emulator.faults.inject({ times: 1 });
    emulator.faults.inject({ status: 500, times: Infinity });
    expect([(await mint()).status, (await mint()).status, (await mint()).status]).to.deep.equal([
      200, 500, 500,
    ]);
    expect(emulator.faults.pending).to.equal(1);
  });

  it("answer with a status and the code that fits it", async () => {
    for (const [status, code] of [
      [400, 3],
      [401, 16],
      [403, 7],
      [429, 8],
      [500, 13],
      [502, 2],
      [503, 14],
      [504, 4],
    ]) {
      emulator.faults.inject({ status });
      expect(await mint())
        .to.deep.include({ status })
        .and.nested.include({ "body.code": code });
    }
  });

  it("answer with a code and the status that fits it, and a text", async () => {
    emulator.faults.inject({ code: 14, message: "Try later" });
    const { status, body } = await mint();
    expect(status).to.equal(503);
    expect(body).to.include({ code: 14, message: "Try later" });
  });

  it("send Retry-After in both forms", async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    emulator.faults.inject({ retryAfter: 2 });
    emulator.faults.inject({ status: 503, retryAfter: date });
    const [first, second] = [await mint(), await mint()];
    expect([first.status, first.headers.get("retry-after")]).to.deep.equal([429, "2"]);
    expect([second.status, second.headers.get("retry-after")]).to.deep.equal([503, date]);
  });

  it("cut the connection before anything is read", async () => {
    emulator.faults.inject({ reset: "before" });
    expect(await broken(mint())).to.equal("ECONNRESET");
    expect(emulator.counts).to.include({ tokens: 1, exchanges: 0 });
    expect(emulator.requests[0]?.status).to.equal(undefined);
  });

  it("cut the connection in the middle of the headers", async () => {
    emulator.faults.inject({ reset: "headers" });
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    let received = "";
    socket.on("data", (data: Buffer) => (received += data.toString()));
    socket.write("GET /endpoints HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "close");
    expect(received).to.equal("HTTP/1.1 200 OK\r\nContent-Ty");
    emulator.faults.inject({ reset: "headers" });
    expect(await broken(mint())).to.be.oneOf(["ECONNRESET", "UND_ERR_SOCKET"]);
    expect(emulator.counts.exchanges).to.equal(1);
  });

  it("cut the connection in the middle of the body", async () => {
    emulator.faults.inject({ reset: "body" });
    const outgoing = request(`${emulator.url}/endpoints`).end();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    let received = 0;
    response.on("data", (data: Buffer) => (received += data.length));
    const [error] = (await once(response, "error")) as [NodeJS.ErrnoException];
    expect(error.code).to.equal("ECONNRESET");
    expect(response.statusCode).to.equal(200);
    expect(received).to.equal(Math.floor(Number(response.headers["content-length"]) / 2));
  });

  it("end the body early", async () => {
    const whole = (await mint()).text;
    emulator.faults.inject({ truncate: true });
    emulator.faults.inject({ truncate: 5 });
    emulator.faults.inject({ truncate: 0 });
    expect((await mint()).text).to.equal(whole.slice(0, Math.floor(whole.length / 2)));
    expect((await mint()).text).to.equal('{"iam');
    expect((await mint()).text).to.equal("");
  });

  it("wait before the request is handled, before the headers and in the body", async () => {
    for (const kind of ["delayMs", "headersDelayMs", "bodyDelayMs"] as const) {
      emulator.faults.inject({ [kind]: 300 });
      const start = performance.now();
      const response = await fetch(`${emulator.url}/endpoints`);
      const headersAt = performance.now() - start;
      expect(await response.json()).to.have.property("endpoints");
      const bodyAt = performance.now() - start;
      expect(bodyAt).to.be.at.least(290);
      if (kind === "bodyDelayMs") expect(headersAt).to.be.below(bodyAt - 40);
      else expect(headersAt).to.be.at.least(290);
    }
  });

  it("stream a huge body", async () => {
    emulator.faults.inject({ hugeBody: 200_000 });
    expect((await call(`${emulator.url}/endpoints`)).text.length).to.be.within(200_000, 300_000);
  });

  it("stop streaming when the client has had enough", async () => {
    emulator.faults.inject({ hugeBody: 1e9 });
    const outgoing = request(`${emulator.url}/endpoints`, { agent: false }).end();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    await once(response, "data");
    response.destroy();
    const sent = (): number => emulator.requests[0]?.bytesSent ?? 0;
    let before: number;
    do {
      before = sent();
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (sent() > before);
    expect(before).to.be.within(1, 100e6);
  });

  it("put another body, type or header in place", async () => {
    emulator.faults.inject({ body: "<html>", contentType: "text/html" });
    emulator.faults.inject({ body: { iamToken: 7 } });
    emulator.faults.inject({ headers: { date: null, "x-extra": "1" } });
    const html = await mint();
    expect([html.status, html.text, html.headers.get("content-type")]).to.deep.equal([
      200,
      "<html>",
      "text/html",
    ]);
    expect((await mint()).body).to.deep.equal({ iamToken: 7 });
    const { headers, status } = await mint();
    expect([status, headers.get("date"), headers.get("x-extra")]).to.deep.equal([200, null, "1"]);
  });

  it("redirect", async () => {
    emulator.faults.inject({ redirect: "http://127.0.0.1:9/other" });
    emulator.faults.inject({ redirect: "/other", status: 302 });
    const [first, second] = [await mint(), await mint()];
    expect([first.status, first.headers.get("location")]).to.deep.equal([307, "http://127.0.0.1:9/other"]);
    expect([second.status, second.headers.get("location")]).to.deep.equal([302, "/other"]);
  });

  it("give a token a short life, and the next caller a token of its own", async () => {
    emulator.faults.inject({ shortLifeMs: 5000 });
    const short = (await mint()).body;
    expect(Date.parse(short["expiresAt"] as string) - emulator.now()).to.be.within(1, 5000);
    expect((await mint()).body["iamToken"]).to.not.equal(short["iamToken"]);
  });

  it("write any expiry", async () => {
    for (const expiresAt of ["1970-01-01T00:00:00Z", "2026-11-24T10:00:00", 7, "never"]) {
      emulator.faults.inject({ expiresAt });
      expect((await mint()).body["expiresAt"]).to.equal(expiresAt);
    }
    emulator.faults.inject({ expiresAt: null });
    expect((await mint()).body).to.have.all.keys("iamToken");
  });
});
