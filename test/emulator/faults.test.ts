import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import { type Fault, type RouteName } from "../../emulator";
import { call, clouds, exchange, raw, useEmulator } from "./client";

type Row = readonly [string, Fault<RouteName>, object, Record<string, string | null>?];

describe("emulator: faults", () => {
  const bench = useEmulator();
  const inject = (...faults: Fault<RouteName>[]) =>
    faults.forEach((fault) => bench.emulator.faults.inject(fault));
  const url = () => `${bench.emulator.url}/endpoints`;
  const mint = () => exchange(bench);
  const statuses = async () => [(await mint()).status, (await mint()).status, (await mint()).status];

  it("come in order, so many times or for ever, and only to their route", async () => {
    inject({ route: "tokens", status: 503, times: 2 }, { route: "clouds", status: 500 });
    expect((await call(url())).status).to.equal(200);
    expect(await statuses()).to.deep.equal([503, 503, 200]);
    expect((await clouds(bench, {})).status).to.equal(500);
    expect(bench.emulator.counts).to.include({ tokens: 3, exchanges: 1 });
    inject({ times: 1 }, { status: 500, times: Infinity });
    expect(await statuses()).to.deep.equal([200, 500, 500]);
    expect(bench.emulator.faults.pending).to.equal(1);
  });

  for (const pair of ["400 3", "401 16", "403 7", "429 8", "500 13", "502 2", "503 14", "504 4"]) {
    it(`answer with a status and the code that fits it: ${pair}`, async () => {
      const [status, code] = pair.split(" ").map(Number);
      inject({ status });
      expect(await mint()).to.nested.include({ status, "body.code": code });
    });
  }

  const date = new Date(Date.now() + 2000).toUTCString();
  const html = { body: "<html>", contentType: "text/html" };
  const replies: readonly Row[] = [
    ["a code and the status that fits it", { code: 14 }, { status: 503, "body.code": 14 }],
    ["a text", { code: 3, message: "Try" }, { status: 400, "body.message": "Try" }],
    ["Retry-After in seconds", { retryAfter: 2 }, { status: 429 }, { "retry-after": "2" }],
    ["Retry-After as a date", { status: 503, retryAfter: date }, { status: 503 }, { "retry-after": date }],
    ["another body and type", html, { status: 200, text: "<html>" }, { "content-type": "text/html" }],
    ["another object", { body: { iamToken: 7 } }, { status: 200, text: '{"iamToken":7}' }],
    ["other headers", { headers: { date: null, "x-a": "1" } }, { status: 200 }, { date: null, "x-a": "1" }],
    ["a redirect", { redirect: "http://a.test/b" }, { status: 307 }, { location: "http://a.test/b" }],
    ["another redirect", { redirect: "/b", status: 302 }, { status: 302 }, { location: "/b" }],
    ["a body of 5 bytes", { truncate: 5 }, { text: '{"iam' }],
    ["no body", { truncate: 0 }, { text: "" }],
    ["another expiry", { expiresAt: "1970-01-01" }, { "body.expiresAt": "1970-01-01" }],
    ["an expiry that is a number", { expiresAt: 7 }, { "body.expiresAt": 7 }],
  ];
  for (const [what, fault, answer, headers = {}] of replies) {
    it(`answer with ${what}`, async () => {
      inject(fault);
      const got = await mint();
      for (const [path, value] of Object.entries(answer)) expect(got).to.nested.property(path, value);
      for (const [name, value] of Object.entries(headers))
        expect(got.headers.get(name), name).to.equal(value);
    });
  }

  it("end the body in the middle, or leave the expiry out", async () => {
    const { text } = await mint();
    inject({ truncate: true }, { expiresAt: null });
    expect((await mint()).text).to.equal(text.slice(0, Math.floor(text.length / 2)));
    expect((await mint()).body).to.have.all.keys("iamToken");
  });

  it("cut the connection before anything is read, in the headers and in the body", async () => {
    const { text } = await call(url());
    inject({ reset: "before" }, { reset: "headers" }, { reset: "body" });
    const received = () => raw(url(), "GET /endpoints");
    expect([await received(), await received()]).to.deep.equal(["", "HTTP/1.1 200 OK\r\nContent-Ty"]);
    expect((await received()).split("\r\n\r\n")[1]).to.equal(text.slice(0, Math.floor(text.length / 2)));
    expect(bench.emulator.requests.map(({ status }) => status)).to.deep.equal([
      200,
      undefined,
      undefined,
      200,
    ]);
  });

  for (const kind of ["delayMs", "headersDelayMs", "bodyDelayMs"] as const) {
    it(`wait before the request is handled, before the headers or in the body: ${kind}`, async () => {
      inject({ [kind]: 300 });
      const start = performance.now();
      const response = await fetch(url());
      const headersMs = performance.now() - start;
      expect(await response.json()).to.have.property("endpoints");
      const bodyMs = performance.now() - start;
      expect(bodyMs).to.be.at.least(290);
      if (kind === "bodyDelayMs") expect(headersMs).to.be.below(bodyMs - 40);
      else expect(headersMs).to.be.at.least(290);
    });
  }

  it("stream a huge body, and stop when the client has had enough", async () => {
    inject({ hugeBody: 200_000 }, { hugeBody: 1e9 });
    expect((await call(url())).text.length).to.be.within(200_000, 300_000);
    const [response] = (await once(request(url(), { agent: false }).end(), "response")) as [IncomingMessage];
    await once(response, "data");
    response.destroy();
    const sent = () => bench.emulator.requests[1]?.bytesSent ?? 0;
    let before: number;
    do {
      before = sent();
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (sent() > before);
    expect(before).to.be.within(1, 100e6);
  });

  it("give a token a short life, and the next caller a token of its own", async () => {
    inject({ shortLifeMs: 5000 });
    const short = (await mint()).body;
    expect(Date.parse(short["expiresAt"] as string) - bench.emulator.now()).to.be.within(1, 5000);
    expect((await mint()).body["iamToken"]).to.not.equal(short["iamToken"]);
  });
});
