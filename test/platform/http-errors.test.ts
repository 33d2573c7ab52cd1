import { expect } from "chai";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import type { HttpRequest } from "../../provider/core/context";
import { ServiceError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { startEmulator } from "../../emulator/index";
import { createHttp } from "../../provider/platform/http";
import { createCertificate } from "../../provider/terraform/plugin/certificate";
import { everyText } from "../support/every-text";
import { type Answer, sendJson, startServer } from "./server";

const http = createHttp({ userAgent: "yciam/test", random: () => 0 });

/** Each a canary of its own shape; what comes back is searched for every one of them. */
const CANARIES = {
  bearer: "t1.9euelZqCANARYbearer.abcDEF-_123456",
  assertion: "eyJhbGciOiJQUzI1NiJ9.eyJDQU5BUlkiOjF9.c2lnbmF0dXJl-CANARY",
  oauth: "y0_CANARYoauthAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  form: "CANARY form value, of no known shape",
  query: "CANARYqueryvalue",
};

function request(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: "POST",
    url: `${url}/iam/v1/tokens?key=${CANARIES.query}`,
    headers: { authorization: new Secret(`Bearer ${CANARIES.bearer}`) },
    json: { jwt: new Secret(CANARIES.assertion), yandexPassportOauthToken: new Secret(CANARIES.oauth) },
    signal: new AbortController().signal,
    timeoutMs: 5000,
    retries: 0,
    ...more,
  };
}

async function failureOf(sent: HttpRequest): Promise<ServiceError> {
  const error: unknown = await http(sent).then(
    () => new Error("the request succeeded"),
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(ServiceError);
  return error as ServiceError;
}

/** The error of one answer, after a search for canaries in all that can be printed of it. */
async function failure(answer: Answer, more: Partial<HttpRequest> = {}): Promise<ServiceError> {
  const server = await startServer(answer);
  try {
    const error = await failureOf(request(server.url, more));
    const texts = everyText(error);
    for (const canary of Object.values(CANARIES)) expect(texts).to.not.contain(canary);
    expect(texts).to.not.contain("CANARY");
    expect(error).to.not.have.property("cause");
    error.message = error.message.replaceAll(new URL(server.url).host, "HOST");
    return error;
  } finally {
    await server.close();
  }
}

describe("platform/http, errors", () => {
  it("tell method, host, path, status, IAM's code and message, and the request id, and nothing else", async () => {
    const error = await failure((response) =>
      sendJson(
        response,
        401,
        { code: 16, message: "The token is invalid", details: [{ secret: CANARIES.query }] },
        { "x-request-id": "1f9c-77", "set-cookie": CANARIES.query, date: "Tue, 24 Nov 2026 10:00:00 GMT" },
      ),
    );
    expect(error.message).to.equal(
      "POST HOST/iam/v1/tokens was refused (HTTP 401, code 16, request id 1f9c-77): The token is invalid.",
    );
    expect(error.reply).to.deep.equal({
      status: 401,
      iamCode: 16,
      serviceMessage: "The token is invalid",
      requestId: "1f9c-77",
      serverTime: Date.UTC(2026, 10, 24, 10),
    });
    expect(Object.keys(error).sort()).to.deep.equal(["code", "failure", "name", "reply"]);
  });

  it("hold nothing of an echoed request: body, headers and query, in the message and in the request id", async () => {
    const error = await failure((response, { body, headers, url }) =>
      sendJson(
        response,
        400,
        { code: 3, message: `cannot take ${body} with ${headers.authorization} at ${url.length} characters` },
        { "x-request-id": `id of ${headers.authorization}` },
      ),
    );
    expect(error.message).to.match(
      /^POST HOST\/iam\/v1\/tokens was refused \(HTTP 400, code 3, request id id of \[secret\]\)/,
    );
    expect(error.reply.serviceMessage).to.contain("[secret]");
  });

  it("come from replies whose headers hold nothing of what was sent, a good status notwithstanding", async () => {
    const server = await startServer((response, { body, headers }) =>
      sendJson(
        response,
        200,
        {},
        { "x-request-id": `id ${headers.authorization}`, "x-echo": encodeURIComponent(body) },
      ),
    );
    const reply = await http(request(server.url));
    await server.close();
    expect(reply.headers["x-request-id"]).to.equal("id [secret]");
    expect(JSON.stringify(reply.headers)).to.not.contain("CANARY");
  });

  const hosts: readonly [string, (jwt: string, bearer: string) => string][] = [
    ["an assertion", (jwt) => jwt],
    ["the middle of an assertion", (jwt) => `${jwt.split(".")[1]}.example`],
    ["a token from a header", (_, bearer) => bearer],
  ];
  for (const [what, hostOf] of hosts) {
    it(`hold nothing of a secret that a redirect names as its host: ${what}`, async () => {
      const error = await failure((response, { body, headers }) => {
        const { jwt } = JSON.parse(body) as { jwt: string };
        const host = hostOf(jwt, String(headers.authorization).replace("Bearer ", ""));
        response.writeHead(302, { location: `http://${host}/` }).end();
      });
      expect(error.message.toLowerCase()).to.not.contain("canary").and.not.contain("eyjdqu5buli");
      expect(error.message).to.contain("a redirect to [secret]");
    });
  }

  it("hold nothing of an echoed form", async () => {
    const form = { subject_token: new Secret(CANARIES.form) };
    const error = await failure(
      (response, { body }) =>
        sendJson(response, 400, {
          error: "invalid_grant",
          error_description: new URLSearchParams(body).get("subject_token"),
        }),
      { form, json: undefined },
    );
    expect(error.message).to.equal("POST HOST/iam/v1/tokens was refused (HTTP 400): [secret].");
  });

  it("hold nothing of an echoed form that is still escaped", async () => {
    const form = { subject_token: new Secret(CANARIES.form) };
    const error = await failure((response, { body }) => sendJson(response, 400, { error: body }), {
      form,
      json: undefined,
    });
    expect(error.reply.serviceMessage).to.equal("subject_token=[secret]");
  });

  it("hold nothing of a secret that comes back escaped or in Base64", async () => {
    const secret = 'CANARY "quoted" & more';
    const spellings = [
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
    ];
    const error = await failure((response) => sendJson(response, 400, { message: spellings.join(" | ") }), {
      json: { jwt: new Secret(secret) },
    });
    expect(error.reply.serviceMessage).to.match(/^"\[secret\]" \| \[secret\] \| \[secret\]=*$/);
  });

  it("hold no token that only looks like one: a part of an assertion, or another's token", async () => {
    const [header = "", claims = ""] = CANARIES.assertion.split(".");
    const other = "t1.9euelZqCANARYother.CANARYsignature";
    const error = await failure((response) =>
      sendJson(response, 401, {
        message: `bad ${header}.${claims} and ${other} and y0_${"CANARYother".repeat(4)}`,
      }),
    );
    expect(error.reply.serviceMessage).to.equal("bad [secret] and [secret] and [secret]");
  });

  it("cut a long message at 500 characters, and drop control characters", async () => {
    const error = await failure((response) =>
      sendJson(response, 400, { message: `a\u001b[31mb\u0000${"c".repeat(600)}` }),
    );
    expect(error.reply.serviceMessage)
      .to.match(/^a\[31mbc+$/)
      .and.have.length(500);
  });

  it("are one line, which reads as it is written, whatever the service said", async () => {
    const message =
      "Validation failed:\n  - identity\r\n\u2028forged: \u202egnorw\u202c\u2066\u200f\u200b\ufeff ключ";
    const error = await failure((response) => sendJson(response, 400, { message, code: 3 }));
    expect(error.message).to.equal(
      "POST HOST/iam/v1/tokens was refused (HTTP 400, code 3): Validation failed: - identity forged: gnorw ключ.",
    );
    const nothing = await failure((response) => sendJson(response, 400, { message: "\u202e" }));
    expect(nothing.message).to.equal("POST HOST/iam/v1/tokens was refused (HTTP 400).");
  });

  it("hold nothing of a secret that comes back with characters between its own that are not seen", async () => {
    const { bearer } = CANARIES;
    const message = `bad ${bearer.slice(0, 10)}\u200b${bearer.slice(10)}`;
    const error = await failure((response) => sendJson(response, 401, { message }));
    expect(error.reply.serviceMessage).to.equal("bad [secret]");
  });

  const bodies: readonly [string, string][] = [
    ["HTML", `<html>${CANARIES.query}</html>`],
    ["a JSON string", JSON.stringify(CANARIES.query)],
    ["nothing", ""],
    ["a message that is no string", JSON.stringify({ message: { a: CANARIES.query }, code: "CANARY" })],
  ];
  for (const [what, body] of bodies) {
    it(`hold nothing of a body that is ${what}`, async () => {
      const error = await failure((response) => response.writeHead(404).end(body));
      expect(error.message).to.equal("POST HOST/iam/v1/tokens was refused (HTTP 404).");
    });
  }

  it("say what happened to a connection that was cut", async () => {
    const error = await failure((response) => response.socket?.destroy());
    expect([error.failure, error.message]).to.deep.equal([
      "unreachable",
      "POST HOST/iam/v1/tokens failed: the connection was cut (ECONNRESET).",
    ]);
  });

  it("hold nothing after a time limit, a redirect or a reply that is too large", async () => {
    await failure(() => undefined, { timeoutMs: 100 });
    await failure((response) =>
      response.writeHead(302, { location: `http://127.0.0.1/${CANARIES.query}` }).end(),
    );
    await failure((response) => response.end(CANARIES.query.repeat(5000)));
  });

  it("say that nothing listens", async () => {
    const error = await failureOf(request("http://127.0.0.1:1"));
    expect(error.message).to.equal(
      "POST 127.0.0.1:1/iam/v1/tokens failed: nothing listens there (ECONNREFUSED).",
    );
  });

  it("say that a name is unknown", async () => {
    const error = await failureOf(request("http://no-such-host.invalid"));
    expect(error.failure).to.equal("unreachable");
    expect(error.message).to.match(/\/iam\/v1\/tokens failed: .+ \((ENOTFOUND|EAI_AGAIN)\)\.$/);
  });

  it("say that what answers does not speak TLS", async () => {
    const server = createTcpServer((socket) => socket.end("no TLS here"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    try {
      const error = await failureOf(request(`https://127.0.0.1:${(server.address() as AddressInfo).port}`));
      expect(error.message).to.match(/failed: what answers there does not speak TLS \(EPROTO\)\.$/);
    } finally {
      server.close();
    }
  });

  it("say how to trust a private authority", async () => {
    const { pem: cert, privateKey: key } = createCertificate(Date.now());
    const emulator = await startEmulator({ tls: { cert, key } });
    try {
      const error = await failureOf(request(emulator.url));
      expect(error.message).to.match(
        /its certificate is not trusted\. If a proxy .+ name its file in caFile or NODE_EXTRA_CA_CERTS \(\w+\)\.$/,
      );
    } finally {
      await emulator.close();
    }
  });
});
