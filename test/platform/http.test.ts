import { expect } from "chai";
import { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { gzipSync } from "node:zlib";
import { Secret } from "../../provider/core/words/secret";
import { createHttp, MAX_REPLY_BYTES } from "../../provider/platform/http";
import { type Answer, failureOf, requestTo, sendJson, type TestServer, useServers } from "./server";

/** No jitter below the whole backoff: what is measured is then exact. */
const userAgent = "yciam/test";
const http = createHttp({ userAgent, random: () => 1 });
const serve = useServers();
/** Answers the first request so, and all others well. */
const firstly =
  (answer: Answer): Answer =>
  (response, request, number) =>
    number === 1 ? answer(response, request, number) : sendJson(response, 200, {});
/** Milliseconds between one request and the next. */
const waits = ({ received }: TestServer) => received.slice(1).map(({ at }, n) => at - (received[n]?.at ?? 0));
const HOUR = 3_600_000;
const DATE = "Tue, 24 Nov 2026 10:00:00 GMT";

describe("platform/http", () => {
  it("sends JSON with its headers, and gives back status, what headers are read, body and the server's time", async () => {
    const headers = { "x-request-id": "r-1", date: DATE, "x-other": "o", "metadata-flavor": "Google" };
    const server = await serve((response) => sendJson(response, 200, { ok: true }, headers));
    const sent = requestTo(`${server.url}/iam/v1/tokens`, {
      method: "POST",
      json: { jwt: new Secret("a.b.c"), plain: "p" },
      headers: { authorization: new Secret("Bearer t1.x.y"), "x-key": new Secret("24 Nov 2026") },
    });
    const { body, ageMs, ...reply } = await http(sent);
    const [got] = server.received;
    expect([got?.method, got?.body]).to.deep.equal(["POST", '{"jwt":"a.b.c","plain":"p"}']);
    expect(got?.headers).to.include({
      authorization: "Bearer t1.x.y",
      "content-type": "application/json",
      "user-agent": userAgent,
      accept: "application/json",
    });
    expect(body.reveal()).to.equal('{"ok":true}');
    expect(reply).to.deep.equal({
      status: 200,
      headers: { "content-type": "application/json", "x-request-id": "r-1", "metadata-flavor": "Google" },
      serverTime: Date.parse(DATE),
    });
    expect(ageMs).to.be.below(60_000);
  });

  it("sends a form, with special characters escaped", async () => {
    const server = await serve((response) => sendJson(response, 200, {}));
    const fields = { a: "1&2=3", b: "ü +" };
    await http(requestTo(server.url, { method: "POST", form: { ...fields, b: new Secret(fields.b) } }));
    expect(server.received[0]?.headers["content-type"]).to.contain("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(server.received[0]?.body)]).to.deep.equal(Object.entries(fields));
  });

  it("says how old the headers are, of a body that comes slowly", async () => {
    const slow = await serve((response) => {
      response.writeHead(200).write("{");
      setTimeout(() => response.end("}"), 2100);
    });
    const late = await serve((response) => setTimeout(() => response.end("{}"), 2100));
    const ages = await Promise.all([http(requestTo(slow.url)), http(requestTo(late.url))]);
    expect(ages[0].ageMs).to.be.within(2000, 9000);
    expect(ages[1].ageMs).to.be.below(2000);
  });

  it("L3: takes no step of the wall clock in the midst of a request for age", async () => {
    let wall = Date.now();
    const server = await serve((response) => {
      wall += 3 * HOUR;
      sendJson(response, 200, {});
    });
    const { ageMs } = await createHttp({ userAgent, now: () => wall })(requestTo(server.url));
    expect(ageMs).to.be.below(60_000);
  });

  for (const status of [408, 429, 500, 502, 503, 504, 599]) {
    it(`tries again after ${status}, GET and POST alike`, async () => {
      const server = await serve(firstly((response) => sendJson(response, status, {})));
      await http(requestTo(server.url, { method: status % 2 === 0 ? "GET" : "POST" }));
      expect(server.received).to.have.length(2);
    });
  }

  for (const status of [400, 401, 403, 404, 409, 413, 422, 499]) {
    it(`does not try again after ${status}`, async () => {
      const server = await serve((response) => sendJson(response, status, {}));
      const error = await failureOf(http(requestTo(server.url)));
      expect([error.failure, error.reply.status]).to.deep.equal(["status", status]);
      expect(server.received).to.have.length(1);
    });
  }

  it("tries again after a connection that was cut, and sends the body again", async () => {
    const server = await serve(firstly((response) => response.socket?.destroy()));
    await http(requestTo(server.url, { method: "POST", json: { a: "b" } }));
    expect(server.received.map(({ body }) => body)).to.deep.equal(['{"a":"b"}', '{"a":"b"}']);
  });

  const networks: Readonly<Record<string, string>> = {
    ECONNREFUSED: "nothing listens there",
    EHOSTUNREACH: "there is no way to this host",
    EHOSTDOWN: "this host is down",
    ENETDOWN: "this machine's network is down",
    ENETUNREACH: "there is no way to this network",
    ECONNABORTED: "the connection was cut",
    EAI_AGAIN: "the name could not be looked up",
  };
  for (const [code, words] of Object.entries(networks)) {
    it(`E7: tries again after ${code}, and says that ${words}`, async () => {
      const server = await serve((response) => sendJson(response, 200, {}));
      let failures = 0;
      const agent = new Agent();
      const connect = agent.createConnection.bind(agent);
      agent.createConnection = (options, callback) => {
        if (failures <= 0) return connect(options, callback);
        failures -= 1;
        callback?.(Object.assign(new Error("no"), { code }), undefined as never);
        return undefined;
      };
      const agents = async () => ({ http: agent, https: new HttpsAgent() });
      const client = createHttp({ userAgent, random: () => 0, agents });
      failures = 2;
      expect((await client(requestTo(server.url))).status).to.equal(200);
      failures = 2;
      const error = await failureOf(client(requestTo(server.url, { retries: 1 })));
      expect(error.message).to.match(new RegExp(`failed after 2 attempts: ${words} \\(${code}\\)\\.$`));
      expect(error.failure).to.equal("unreachable");
    });
  }

  it("waits three times as long before each attempt, 200 ms and 600 ms, less a jitter of up to half", async () => {
    const server = await serve((response, _, number) => sendJson(response, number < 3 ? 500 : 200, {}));
    await http(requestTo(server.url));
    const [first = 0, second = 0] = waits(server);
    expect(first).to.be.within(190, 590);
    expect(second).to.be.within(590, 1770);
    const jittered = await serve((response, _, number) => sendJson(response, number < 4 ? 500 : 200, {}));
    await createHttp({ userAgent, random: () => 0 })(requestTo(jittered.url));
    for (const [n, least] of [95, 290, 890].entries()) expect(waits(jittered)[n]).to.be.at.least(least);
    // A busy machine makes some of them longer, never shorter.
    expect(Math.min(...waits(jittered).map((wait, n) => wait / 3 ** n))).to.be.below(190);
  });

  const dated = (offsetMs: number) => {
    const now = Date.now() + offsetMs;
    // In whole seconds both are cut alike, so that the difference is exact.
    return { date: new Date(now).toUTCString(), "retry-after": new Date(now + 1000).toUTCString() };
  };
  const retryAfter: readonly [string, () => Record<string, string>, number][] = [
    ["in seconds", () => ({ "retry-after": "1" }), 990],
    ["as a date", () => dated(0), 990],
    ["as a date of a server whose clock is 5 hours ahead of this host's", () => dated(5 * HOUR), 990],
    ["as a date of a server whose clock is 5 hours behind this host's", () => dated(-5 * HOUR), 990],
    ["as a date that is over", () => ({ "retry-after": "Tue, 24 Nov 2020 10:00:00 GMT" }), 95],
    ["no more than it can be understood", () => ({ "retry-after": "soon" }), 190],
    ["as a date by this host's clock where there is no Date", () => ({ "retry-after": DATE, date: "" }), 990],
  ];
  for (const [form, headers, least] of retryAfter) {
    it(`obeys Retry-After ${form}`, async () => {
      const server = await serve(firstly((response) => sendJson(response, 429, {}, headers())));
      const now = () => Date.parse(DATE) - 1000;
      await createHttp({ userAgent, random: () => 1, now })(requestTo(server.url));
      expect(waits(server)[0]).to.be.within(least, 5000);
    });
  }

  const exact = "x".repeat(MAX_REPLY_BYTES);
  const huge: readonly [string, Answer][] = [
    ["announced in Content-Length", (response) => response.end(`${exact}y`)],
    ["streamed", (response) => (response.write(exact), response.end("y"))],
    ["of an error", (response) => response.writeHead(500).end(`${exact}y`)],
  ];
  for (const [how, answer] of huge) {
    it(`refuses a reply of more than 64 KiB, ${how}, and does not ask again`, async () => {
      const server = await serve(answer);
      const error = await failureOf(http(requestTo(`${server.url}/x`)));
      expect(error.failure).to.equal("reply");
      expect(error.message).to.equal(
        `GET ${new URL(server.url).host}/x was answered with more than 64 KiB, which is no reply of Yandex Cloud. ` +
          "Check endpoint, iamEndpoint and any proxy.",
      );
      expect(server.received).to.have.length(1);
    });
  }

  it("takes a reply of exactly 64 KiB", async () => {
    const server = await serve((response) => response.end(exact));
    expect((await http(requestTo(server.url))).body.reveal()).to.equal(exact);
  });

  it("stops reading an endless reply", async () => {
    let written = 0;
    const server = await serve((response) => {
      const timer = setInterval(() => {
        response.write("x".repeat(16 * 1024));
        written += 16 * 1024;
      }, 1);
      response.on("close", () => clearInterval(timer));
    });
    expect((await failureOf(http(requestTo(server.url)))).failure).to.equal("reply");
    expect(written).to.be.below(4 * 1024 * 1024);
  });

  it("does not unpack a compressed reply, which could be a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 ** 2, " "));
    const server = await serve((response) => response.setHeader("content-encoding", "gzip").end(bomb));
    const { body } = await http(requestTo(server.url));
    expect(body.reveal().length).to.be.within(1000, MAX_REPLY_BYTES);
    // It was not asked for, either.
    expect(server.received[0]?.headers["accept-encoding"]).to.equal("identity");
  });

  it("leaves an attempt that hangs, and makes the next", async () => {
    const server = await serve(firstly(() => undefined));
    const start = performance.now();
    await createHttp({ userAgent, random: () => 1, attemptTimeoutMs: 100 })(requestTo(server.url));
    expect(performance.now() - start).to.be.within(290, 5000);
    expect(server.received).to.have.length(2);
  });
});
