import { expect } from "chai";
import { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { gzipSync } from "node:zlib";
import type { ServiceError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { createHttp, MAX_REPLY_BYTES } from "../../provider/platform/http";
import { type Answer, failureOf, requestTo, sendJson, type TestServer, useServers } from "./server";

const userAgent = "yciam/test";
/** No jitter below the whole backoff: what is measured is then exact. */
const http = createHttp({ userAgent, random: () => 1 });
const serve = useServers();
/** Answers the first request so, and all others well. */
const firstly =
  (answer: Answer): Answer =>
  (response, request, number) =>
    number === 1 ? answer(response, request, number) : sendJson(response, 200, {});
/** Milliseconds between one request and the next. */
const waits = ({ received }: TestServer) => received.slice(1).map(({ at }, n) => at - (received[n]?.at ?? 0));
const DATE = "Tue, 24 Nov 2026 10:00:00 GMT";

describe("platform/http", () => {
  it("sends JSON or a form with its headers, and gives back status, the headers that are read, body and the server's time", async () => {
    const kept = { "content-type": "application/json", "x-request-id": "r-1", "metadata-flavor": "Google" };
    const server = await serve((response) =>
      sendJson(response, 200, { ok: true }, { ...kept, date: DATE, "x-other": "o" }),
    );
    const sent = requestTo(`${server.url}/iam/v1/tokens`, {
      method: "POST",
      json: { jwt: new Secret("a.b.c"), plain: "p" },
      headers: { authorization: new Secret("Bearer t1.x.y"), "x-key": new Secret("24 Nov 2026") },
    });
    const reply = await http(sent);
    const [got] = server.received;
    expect([got?.method, got?.body]).to.deep.equal(["POST", '{"jwt":"a.b.c","plain":"p"}']);
    expect(got?.headers).to.include({ authorization: "Bearer t1.x.y", "content-type": "application/json" });
    expect(got?.headers).to.include({ "user-agent": userAgent, accept: "application/json" });
    expect([reply.status, reply.body.reveal()]).to.deep.equal([200, '{"ok":true}']);
    expect([reply.headers, reply.serverTime]).to.deep.equal([kept, Date.parse(DATE)]);
    const fields = { a: "1&2=3", b: "ü +" };
    await http(requestTo(server.url, { method: "POST", form: { ...fields, b: new Secret(fields.b) } }));
    expect(server.received[1]?.headers["content-type"]).to.contain("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(server.received[1]?.body)]).to.deep.equal(Object.entries(fields));
  });

  const passing = [408, 429, 500, 502, 503, 504, 599];
  for (const status of [...passing, 400, 401, 403, 404, 409, 413, 422, 499]) {
    const isTried = passing.includes(status);
    it(`${isTried ? "tries" : "does not try"} again after ${status}, GET and POST alike`, async () => {
      const server = await serve(firstly((response) => sendJson(response, status, {})));
      const method = status % 2 === 0 ? "GET" : "POST";
      const end = await http(requestTo(server.url, { method })).catch((error: ServiceError) => error.reply);
      expect([end.status, server.received.length]).to.deep.equal(isTried ? [200, 2] : [status, 1]);
    });
  }

  for (const [code, words] of Object.entries({
    EHOSTUNREACH: "there is no way to this host",
    EHOSTDOWN: "this host is down",
    ENETDOWN: "this machine's network is down",
    ECONNABORTED: "the connection was cut",
  })) {
    it(`E7: tries again after ${code}, and says that ${words}`, async () => {
      const createConnection: Agent["createConnection"] = (_, callback) => {
        callback?.(Object.assign(new Error("no"), { code }), undefined as never);
        return undefined;
      };
      const agents = { http: Object.assign(new Agent(), { createConnection }), https: new HttpsAgent() };
      const client = createHttp({ userAgent, random: () => 0, agents: async () => agents });
      const { failure, message } = await failureOf(client(requestTo("http://localhost", { retries: 1 })));
      expect(message).to.equal(`GET localhost/ failed after 2 attempts: ${words} (${code}).`);
      expect(failure).to.equal("unreachable");
    });
  }

  it("waits 200 ms, and three times as long each time, less a jitter of up to half", async () => {
    for (const [random, least] of [
      [0, 95],
      [1, 190],
    ] as const) {
      const server = await serve((response, _, number) => sendJson(response, number < 4 ? 500 : 200, {}));
      await createHttp({ userAgent, random: () => random })(requestTo(server.url));
      // A busy machine makes some of them longer, never shorter.
      expect(Math.min(...waits(server).map((wait, n) => wait / 3 ** n))).to.be.within(least, 2 * least);
    }
  });

  const dated = (offsetMs: number) => {
    const now = Date.now() + offsetMs;
    // In whole seconds both are cut alike, so that the difference is exact.
    return { date: new Date(now).toUTCString(), "retry-after": new Date(now + 1000).toUTCString() };
  };
  const retryAfter: readonly [string, () => Record<string, string>, number][] = [
    ["as a date of a server whose clock is 5 hours ahead of this host's", () => dated(18e6), 990],
    ["as a date of a server whose clock is 5 hours behind this host's", () => dated(-18e6), 990],
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
  const huge: Readonly<Record<string, Answer>> = {
    "announced in Content-Length": (response) => response.end(`${exact}y`),
    streamed: (response) => (response.write(exact), response.end("y")),
    "of an error": (response) => response.writeHead(500).end(`${exact}y`),
  };
  for (const [how, answer] of Object.entries(huge)) {
    it(`refuses a reply of more than 64 KiB, ${how}, and does not ask again`, async () => {
      const server = await serve(answer);
      const { failure, message } = await failureOf(http(requestTo(`${server.url}/x`)));
      expect(failure).to.equal("reply");
      expect(message).to.match(/^GET \S+\/x was answered with more than 64 KiB, which is .* Check endpoint/);
      expect(server.received).to.have.length(1);
    });
  }

  it("does not unpack a compressed reply, which could be a bomb, and takes 64 KiB of it", async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 ** 2, " "));
    const server = await serve((response) => response.setHeader("content-encoding", "gzip").end(bomb));
    const { body } = await http(requestTo(server.url));
    expect(body.reveal().length).to.be.within(1000, MAX_REPLY_BYTES);
    // It was not asked for, either.
    expect(server.received[0]?.headers["accept-encoding"]).to.equal("identity");
    const whole = await serve((response) => response.end(exact));
    expect((await http(requestTo(whole.url))).body.reveal()).to.equal(exact);
  });
});
