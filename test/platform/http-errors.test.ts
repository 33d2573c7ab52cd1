import { expect } from "chai";
import type { HttpRequest } from "../../provider/core/context";
import type { ServiceError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { createHttp } from "../../provider/platform/http";
import { toServiceError } from "../../provider/platform/http-errors";
import { everyText } from "../support/every-text";
import { type Answer, failureOf, requestTo, sendJson, useServers } from "./server";

const http = createHttp({ userAgent: "yciam/test", random: () => 0 });
const serve = useServers();

/** Each a canary of its own shape; what comes back is searched for every one of them. */
const CANARIES = {
  bearer: "t1.9euelZqCANARYbearer.abcDEF-_123456",
  assertion: "eyJhbGciOiJQUzI1NiJ9.eyJDQU5BUlkiOjF9.c2lnbmF0dXJl-CANARY",
  oauth: "y0_CANARYoauthAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  form: "CANARY form value, of no known shape",
  query: "CANARYqueryvalue",
};
const UNKNOWN = "CANARY-of-no-known-shape-".repeat(3);
const QUOTED = 'CANARY "quoted" & more';
const form = { json: undefined, form: { subject_token: new Secret(CANARIES.form) } };
const json = (body: unknown, status = 400): Answer => {
  return (response) => sendJson(response, status, body);
};

const secretRequest = (url: string, more: Partial<HttpRequest> = {}) =>
  requestTo(`${url}/iam/v1/tokens?key=${CANARIES.query}`, {
    method: "POST",
    headers: { authorization: new Secret(`Bearer ${CANARIES.bearer}`) },
    json: { jwt: new Secret(CANARIES.assertion), yandexPassportOauthToken: new Secret(CANARIES.oauth) },
    retries: 0,
    ...more,
  });

/** The error of one answer, after a search for canaries in all that can be printed of it. */
async function failure(answer: Answer, more: Partial<HttpRequest> = {}): Promise<ServiceError> {
  const { url } = await serve(answer);
  const error = await failureOf(http(secretRequest(url, more)));
  const texts = everyText(error);
  for (const canary of [...Object.values(CANARIES), "CANARY"]) expect(texts).to.not.contain(canary);
  expect(Object.keys(error).sort()).to.deep.equal(["code", "failure", "name", "reply"]);
  error.message = error.message.replaceAll(new URL(url).host, "HOST");
  return error;
}

const REFUSED = "POST HOST/iam/v1/tokens was refused";

describe("platform/http, errors", () => {
  it("tell method, host, path, status, IAM's code and message, and the request id, and nothing else", async () => {
    const details = [{ secret: CANARIES.query }];
    const headers = { "x-request-id": "1f9c-77", "set-cookie": CANARIES.query };
    const date = "Tue, 24 Nov 2026 10:00:00 GMT";
    const { message, reply } = await failure((response) =>
      sendJson(response, 401, { code: 16, message: "The token is invalid", details }, { ...headers, date }),
    );
    expect(message).to.equal(`${REFUSED} (HTTP 401, code 16, request id 1f9c-77): The token is invalid.`);
    expect(reply).to.deep.equal({
      status: 401,
      iamCode: 16,
      serviceMessage: "The token is invalid",
      requestId: "1f9c-77",
      serverTime: Date.parse(date),
    });
  });

  const refusals: readonly [string, unknown, object][] = [
    ["a google.rpc.Status", { code: 7, message: "No" }, { iamCode: 7, serviceMessage: "No" }],
    ["a code without a message", { code: 7 }, {}],
    ["a code that is no number", { code: "7", message: "No" }, { serviceMessage: "No" }],
    [
      "an OAuth error",
      { error: "invalid_grant" },
      { oauthError: "invalid_grant", serviceMessage: "invalid_grant" },
    ],
    [
      "an OAuth error in words",
      { error: "invalid_grant", error_description: "It is over" },
      { oauthError: "invalid_grant", serviceMessage: "It is over" },
    ],
    [
      "an OAuth error with a secret",
      { error: CANARIES.bearer },
      { oauthError: "[secret]", serviceMessage: "[secret]" },
    ],
    ["an error that is no string", { error: { code: 403 } }, {}],
    ["a JSON string", CANARIES.query, {}],
    ["a message that is no string", { message: { a: CANARIES.query }, code: 3 }, {}],
  ];
  for (const [what, body, told] of refusals) {
    it(`E1: tell whose refusal it is: ${what}`, async () => {
      const { reply } = await failure(json(body, 403));
      const { serverTime, ...rest } = reply;
      expect(serverTime).to.be.a("number");
      expect(rest).to.deep.equal({ status: 403, ...told });
    });
  }

  for (const body of [`<html>${CANARIES.query}</html>`, ""]) {
    it(`E1: say nothing of a gateway's body: ${body.slice(0, 6)}`, async () => {
      const error = await failure((response) => response.writeHead(404).end(body));
      expect(error.message).to.equal(`${REFUSED} (HTTP 404).`);
      expect(error.reply).to.have.all.keys("status", "serverTime");
    });
  }

  it("hold nothing of an echoed request: body, headers and query, in the message and in the request id", async () => {
    const { message } = await failure((response, { body, headers, url }) => {
      const said = `cannot take ${body} with ${headers.authorization} at ${url}`;
      sendJson(
        response,
        400,
        { code: 3, message: said.replace(CANARIES.query, "") },
        { "x-request-id": `id of ${headers.authorization}` },
      );
    });
    expect(message).to.match(
      /refused \(HTTP 400, code 3, request id id of \[secret\]\): cannot .*\[secret\]/,
    );
  });

  it("come from replies whose headers hold nothing of what was sent, a good status notwithstanding", async () => {
    const { url } = await serve((response, { headers }) =>
      sendJson(response, 200, {}, { "x-request-id": `id ${headers.authorization}` }),
    );
    expect((await http(secretRequest(url))).headers["x-request-id"]).to.equal("id [secret]");
  });

  const hosts: readonly [string, string][] = [
    ["an assertion", CANARIES.assertion],
    ["the middle of an assertion", `${CANARIES.assertion.split(".")[1]}.example`],
    ["a token from a header", CANARIES.bearer],
  ];
  for (const [what, host] of hosts) {
    it(`hold nothing of a secret that a redirect names as its host: ${what}`, async () => {
      const error = await failure((response) =>
        response.writeHead(302, { location: `http://${host}/` }).end(),
      );
      expect(error.message.toLowerCase()).to.not.contain("canary").and.not.contain("eyjdqu5buli");
      expect(error.message).to.contain("a redirect to [secret]");
    });
  }

  const { bearer, assertion } = CANARIES;
  const spellings = [
    JSON.stringify(QUOTED),
    encodeURIComponent(QUOTED),
    Buffer.from(QUOTED).toString("base64"),
  ];
  const others = `${assertion.split(".").slice(0, 2).join(".")} and t1.9euelZqCANARYother.CANARYsignature`;
  const hidden =
    "Validation failed:\n  - identity\r\n\u2028forged: \u202egnorw\u202c\u2066\u200f\u200b\ufeff ключ";
  const said: readonly [string, Answer, RegExp, Partial<HttpRequest>?][] = [
    ["an echoed form", json({ error: "x", error_description: CANARIES.form }), /^\[secret\]$/, form],
    [
      "an echoed form that is still escaped",
      (response, { body }) => sendJson(response, 400, { error: body }),
      /^subject_token=\[secret\]$/,
      form,
    ],
    [
      "a secret that comes back escaped or in Base64",
      json({ message: spellings.join(" | ") }),
      /^"\[secret\]" \| \[secret\] \| \[secret\]=*$/,
      { json: { jwt: new Secret(QUOTED) } },
    ],
    [
      "what looks like a token: a part of an assertion, or another's",
      json({ message: `bad ${others} and y0_${"CANARYother".repeat(4)}` }),
      /^bad \[secret\] and \[secret\] and \[secret\]$/,
    ],
    [
      "a secret with characters inside that are not seen",
      json({ message: `bad ${bearer.slice(0, 10)}\u200b${bearer.slice(10)}` }),
      /^bad \[secret\]$/,
    ],
    [
      "a secret at the place where a long message is cut",
      json({ message: `${" ".repeat(4060)}word ${UNKNOWN} more` }),
      /^word$/,
      { json: { jwt: new Secret(UNKNOWN) } },
    ],
    [
      "control characters, or more than 500",
      json({ message: `a\u001b[31mb\u0000${"c".repeat(600)}` }),
      /^a\[31mbc{494}$/,
    ],
    [
      "lines, or characters that turn or hide text",
      json({ message: hidden }),
      /^Validation failed: - identity forged: gnorw ключ$/,
    ],
  ];
  for (const [what, answer, shown, more] of said) {
    it(`hold nothing of ${what}`, async () => {
      expect((await failure(answer, more)).reply.serviceMessage).to.match(shown);
    });
  }

  it("hold no message that would be empty, or one word of more than 4096 characters", async () => {
    for (const message of ["\u202e", " ", "x".repeat(5000)])
      expect((await failure(json({ message }))).message).to.equal(`${REFUSED} (HTTP 400).`);
  });

  it("hold nothing after a time limit, a redirect or a reply that is too large", async () => {
    await failure(() => undefined, { timeoutMs: 100 });
    await failure((response) =>
      response.writeHead(302, { location: `http://127.0.0.1/${CANARIES.query}` }).end(),
    );
    await failure((response) => response.end(CANARIES.query.repeat(5000)));
  });

  it("E2: cost no more for 64 KiB made to be searched for long than for 4 KiB", () => {
    const request = secretRequest("http://a.example");
    const best = (length: number) => {
      const words = `${"-eyJ".repeat(1000)} ${"-eyJ".repeat(length / 4 - 1000)}`;
      const body = JSON.stringify({ code: 3, message: words });
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        toServiceError({ response: { statusCode: 400, headers: {}, body } }, request, {
          outOfTime: false,
          attempt: undefined,
        });
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    expect(best(64 * 1024) / best(4096)).to.be.below(16);
  });
});
