import { expect } from "chai";
import { gzipSync } from "node:zlib";
import type { HttpRequest } from "../../provider/core/context";
import { ServiceError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { createHttp, MAX_REPLY_BYTES } from "../../provider/platform/http";
import { endsWithin } from "../support/loop-time";
import { type Answer, sendJson, startServer, type TestServer } from "./server";

const servers: TestServer[] = [];

async function serve(answer: Answer): Promise<TestServer> {
  const server = await startServer(answer);
  servers.push(server);
  return server;
}

/** No jitter below the whole backoff: what is measured is then exact. */
const http = createHttp({ userAgent: "yciam/test", random: () => 1 });

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const signal = new AbortController().signal;
  return { method: "GET", url, signal, timeoutMs: 10_000, retries: 4, ...more };
}

/** The error that a request ends with; fails when it ends well. */
async function failure(sent: HttpRequest, client = http): Promise<ServiceError> {
  const error: unknown = await client(sent).then(
    () => new Error("the request succeeded"),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ServiceError);
  return error as ServiceError;
}

const hostOf = (server: TestServer) => new URL(server.url).host;

describe("platform/http", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it("sends JSON with its headers, and gives back status, headers, body and the server's time", async () => {
    const server = await serve((response) =>
      sendJson(response, 200, { ok: true }, { "x-request-id": "r-1", date: "Tue, 24 Nov 2026 10:00:00 GMT" }),
    );
    const reply = await http(
      request(`${server.url}/iam/v1/tokens`, {
        method: "POST",
        json: { jwt: new Secret("a.b.c"), plain: "p" },
        headers: { authorization: new Secret("Bearer t1.x.y") },
      }),
    );
    const [got] = server.received;
    expect(got?.method).to.equal("POST");
    expect(JSON.parse(got?.body ?? "")).to.deep.equal({ jwt: "a.b.c", plain: "p" });
    expect(got?.headers).to.include({
      authorization: "Bearer t1.x.y",
      "content-type": "application/json",
      "user-agent": "yciam/test",
      accept: "application/json",
    });
    expect(reply.status).to.equal(200);
    expect(reply.body.reveal()).to.equal('{"ok":true}');
    expect(reply.headers["x-request-id"]).to.equal("r-1");
    expect(reply.serverTime).to.equal(Date.UTC(2026, 10, 24, 10));
  });

  it("reads the server's time as it came, even where a part of it is to be shown as a secret", async () => {
    const date = "Tue, 24 Nov 2026 10:00:00 GMT";
    const server = await serve((response) => sendJson(response, 200, {}, { date }));
    const reply = await http(request(server.url, { headers: { "x-key": new Secret("24 Nov 2026") } }));
    expect(reply.headers["date"]).to.equal("Tue, [secret] 10:00:00 GMT");
    expect(reply.serverTime).to.equal(Date.UTC(2026, 10, 24, 10));
  });

  it("says how old the headers are, of a body that comes slowly", async () => {
    const server = await serve((response) => {
      response.writeHead(200).write("{");
      setTimeout(() => response.end("}"), 2100);
    });
    expect((await http(request(server.url))).ageMs).to.be.within(2000, 9000);
    const quick = await serve((response) => setTimeout(() => response.end("{}"), 2100));
    expect((await http(request(quick.url))).ageMs).to.be.below(2000);
  });

  it("sends a form, with special characters escaped", async () => {
    const server = await serve((response) => sendJson(response, 200, {}));
    await http(request(server.url, { method: "POST", form: { a: "1&2=3", b: new Secret("ü +") } }));
    expect(server.received[0]?.headers["content-type"]).to.contain("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(server.received[0]?.body)]).to.deep.equal([
      ["a", "1&2=3"],
      ["b", "ü +"],
    ]);
  });

  for (const status of [408, 429, 500, 502, 503, 504, 599]) {
    it(`tries again after ${status}, GET and POST alike`, async () => {
      const server = await serve((response, _, number) =>
        sendJson(response, number === 1 ? status : 200, {}),
      );
      await http(request(server.url, { method: status % 2 === 0 ? "GET" : "POST" }));
      expect(server.received).to.have.length(2);
    });
  }

  for (const status of [400, 401, 403, 404, 409, 413, 422, 499]) {
    it(`does not try again after ${status}`, async () => {
      const server = await serve((response) => sendJson(response, status, {}));
      const error = await failure(request(server.url));
      expect([error.failure, error.reply.status]).to.deep.equal(["status", status]);
      expect(server.received).to.have.length(1);
    });
  }

  it("tries again after a connection that was cut, and sends the body again", async () => {
    const server = await serve((response, _, number) =>
      number === 1 ? response.socket?.destroy() : sendJson(response, 200, {}),
    );
    await http(request(server.url, { method: "POST", json: { a: "b" } }));
    expect(server.received.map(({ body }) => body)).to.deep.equal(['{"a":"b"}', '{"a":"b"}']);
  });

  it("gives up after the retries, and says how many attempts there were", async () => {
    const server = await serve((response) => sendJson(response, 503, { code: 14, message: "try later" }));
    const error = await failure(request(`${server.url}/x`, { retries: 2 }));
    expect(server.received).to.have.length(3);
    expect(error.message).to.equal(
      `GET ${hostOf(server)}/x was refused after 3 attempts (HTTP 503, code 14): try later.`,
    );
  });

  it("asks once when no retries are allowed", async () => {
    const server = await serve((response) => sendJson(response, 503, {}));
    await failure(request(server.url, { retries: 0 }));
    expect(server.received).to.have.length(1);
  });

  it("waits three times as long before each attempt: 200 ms, 600 ms", async () => {
    const server = await serve((response, _, number) => sendJson(response, number < 3 ? 500 : 200, {}));
    await http(request(server.url));
    const [first = 0, second = 0, third = 0] = server.received.map(({ at }) => at);
    expect(second - first).to.be.within(190, 590);
    expect(third - second).to.be.within(590, 1770);
  });

  it("shortens a wait by jitter to half of it", async () => {
    const server = await serve((response, _, number) => sendJson(response, number % 2 === 1 ? 500 : 200, {}));
    const shortest = createHttp({ userAgent: "test", random: () => 0 });
    // A busy machine makes some of them longer, never shorter.
    for (let times = 0; times < 3; times += 1) await shortest(request(server.url));
    const waits = server.received.flatMap(({ at }, n, all) =>
      n % 2 === 1 ? [at - (all[n - 1]?.at ?? 0)] : [],
    );
    expect(Math.min(...waits)).to.be.within(95, 190);
  });

  const HOUR = 3_600_000;
  const dated = (offsetMs: number) => (): Record<string, string> => {
    const now = Date.now() + offsetMs;
    // In whole seconds both are cut alike, so that the difference is exact.
    return { date: new Date(now).toUTCString(), "retry-after": new Date(now + 1000).toUTCString() };
  };
  const retryAfter: readonly [string, () => Record<string, string>, number, number][] = [
    ["in seconds", () => ({ "retry-after": "1" }), 990, 5000],
    ["as a date", dated(0), 990, 5000],
    ["as a date of a server whose clock is 5 hours ahead of this host's", dated(5 * HOUR), 990, 5000],
    ["as a date of a server whose clock is 5 hours behind this host's", dated(-5 * HOUR), 990, 5000],
    ["as a date that is over", () => ({ "retry-after": "Tue, 24 Nov 2020 10:00:00 GMT" }), 95, 5000],
    ["no more than it can be understood", () => ({ "retry-after": "soon" }), 190, 5000],
  ];
  for (const [form, headers, least, most] of retryAfter) {
    it(`obeys Retry-After ${form}`, async () => {
      const server = await serve((response, _, number) =>
        sendJson(response, number === 1 ? 429 : 200, {}, headers()),
      );
      await http(request(server.url));
      const [first = 0, second = 0] = server.received.map(({ at }) => at);
      expect(second - first).to.be.within(least, most);
    });
  }

  it("takes a Retry-After date by this host's clock where the reply has no Date", async () => {
    const server = await serve((response, _, number) => {
      response.sendDate = false;
      const headers = { "retry-after": "Tue, 24 Nov 2026 10:00:01 GMT" };
      sendJson(response, number === 1 ? 429 : 200, {}, number === 1 ? headers : {});
    });
    const now = () => Date.UTC(2026, 10, 24, 10);
    await createHttp({ userAgent: "yciam/test", random: () => 1, now })(request(server.url));
    const [first = 0, second = 0] = server.received.map(({ at }) => at);
    expect(second - first).to.be.within(990, 5000);
  });

  it("gives up at once when Retry-After lies beyond the time allowed", async () => {
    const server = await serve((response) => sendJson(response, 429, {}, { "retry-after": "3600" }));
    const start = performance.now();
    const error = await failure(request(server.url, { timeoutMs: 5000 }));
    expect(performance.now() - start).to.be.below(4000);
    expect(error.reply.status).to.equal(429);
    expect(server.received).to.have.length(1);
  });
});

describe("platform/http, limits", () => {
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`follows no redirect (${status}): nothing arrives at the other server`, async () => {
      const other = await serve((response) => sendJson(response, 200, {}));
      const server = await serve((response) =>
        response.writeHead(status, { location: `${other.url}/steal?token=abc` }).end(),
      );
      const sent = request(`${server.url}/x`, { headers: { authorization: new Secret("Bearer t1.a.b") } });
      const error = await failure(sent);
      expect(other.received).to.deep.equal([]);
      expect(server.received).to.have.length(1);
      expect(error.message).to.equal(
        `GET ${hostOf(server)}/x was answered with a redirect to ${hostOf(other)}, which is not followed: ` +
          "a credential goes only where it was meant to go. Check endpoint, iamEndpoint and any proxy.",
      );
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
      const error = await failure(request(`${server.url}/x`));
      expect(error.failure).to.equal("reply");
      expect(error.message).to.equal(
        `GET ${hostOf(server)}/x was answered with more than 64 KiB, which is no reply of Yandex Cloud. ` +
          "Check endpoint, iamEndpoint and any proxy.",
      );
      expect(server.received).to.have.length(1);
    });
  }

  it("stops reading an endless reply", async () => {
    let written = 0;
    const server = await serve((response) => {
      const timer = setInterval(() => {
        response.write("x".repeat(16 * 1024));
        written += 16 * 1024;
      }, 1);
      response.on("close", () => clearInterval(timer));
    });
    const error = await failure(request(server.url));
    expect(error.failure).to.equal("reply");
    expect(written).to.be.below(4 * 1024 * 1024);
  });

  it("takes a reply of exactly 64 KiB", async () => {
    const server = await serve((response) => response.end(exact));
    expect((await http(request(server.url))).body.reveal()).to.equal(exact);
  });

  it("does not unpack a compressed reply, which could be a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 ** 2, " "));
    const server = await serve((response) => response.setHeader("content-encoding", "gzip").end(bomb));
    const { body } = await http(request(server.url));
    expect(body.reveal().length).to.be.within(1000, MAX_REPLY_BYTES);
    // It was not asked for, either.
    expect(server.received[0]?.headers["accept-encoding"]).to.equal("identity");
  });

  it("ends within the whole time allowed, retries included", async () => {
    const server = await serve((response) => sendJson(response, 503, {}));
    const start = performance.now();
    const error = await failure(request(`${server.url}/x`, { timeoutMs: 700, retries: 20 }));
    expect(performance.now() - start).to.be.below(5000);
    expect(server.received.length).to.be.within(2, 4);
    expect(error.reply.status).to.equal(503);
  });

  it("ends within the time allowed when nothing answers", async () => {
    const server = await serve(() => undefined);
    const start = performance.now();
    const error = await failure(request(`${server.url}/x`, { timeoutMs: 300 }));
    expect(performance.now() - start).to.be.within(290, 5000);
    expect(error.failure).to.equal("timeout");
    expect(error.message).to.equal(
      `GET ${hostOf(server)}/x did not end within the time allowed. Raise timeout if the service is just slow.`,
    );
  });

  it("leaves an attempt that hangs, and makes the next", async () => {
    const server = await serve((response, _, number) =>
      number === 1 ? undefined : sendJson(response, 200, {}),
    );
    const start = performance.now();
    await createHttp({ userAgent: "test", random: () => 1, attemptTimeoutMs: 100 })(request(server.url));
    expect(performance.now() - start).to.be.within(290, 5000);
    expect(server.received).to.have.length(2);
  });

  it("says that nothing answered, and how often it was tried", async () => {
    const server = await serve(() => undefined);
    const impatient = createHttp({ userAgent: "test", random: () => 0, attemptTimeoutMs: 50 });
    const error = await failure(request(`${server.url}/x`, { retries: 1 }), impatient);
    expect([error.failure, error.message]).to.deep.equal([
      "timeout",
      `GET ${hostOf(server)}/x did not answer in time after 2 attempts. Raise timeout if the service is just slow.`,
    ]);
  });

  it("ends within the time allowed when a body does not end", async () => {
    const server = await serve((response) => response.writeHead(200).write("{"));
    const error = await failure(request(server.url, { timeoutMs: 300 }));
    expect(error.failure).to.equal("timeout");
  });

  const moments: readonly [string, Answer][] = [
    ["while nothing answers", () => undefined],
    ["while the body comes in", (response) => response.writeHead(200).write("{")],
    ["while it waits to try again", (response) => sendJson(response, 503, {}, { "retry-after": "5" })],
  ];
  for (const [when, answer] of moments) {
    it(`ends within 100 ms of an abort ${when}, with the abort's own reason`, async () => {
      const server = await serve(answer);
      const controller = new AbortController();
      const pending = http(request(server.url, { signal: controller.signal }));
      const ended = pending.catch((error: unknown) => error);
      await new Promise((done) => setTimeout(done, 150));
      const reason = new Error("no more");
      controller.abort(reason);
      expect(await endsWithin(100, ended)).to.equal(true);
      expect(await ended).to.equal(reason);
      expect(server.received).to.have.length(1);
    });
  }

  it("asks nothing when it was aborted before", async () => {
    const server = await serve((response) => sendJson(response, 200, {}));
    const reason = new Error("no more");
    const error: unknown = await http(request(server.url, { signal: AbortSignal.abort(reason) })).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.equal(reason);
    expect(server.received).to.deep.equal([]);
  });
});
