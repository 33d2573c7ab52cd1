import { expect } from "chai";
import type { HttpRequest } from "../../provider/core/context";
import type { ServiceError, ServiceReply } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { createHttp } from "../../provider/platform/http";
import { toServiceError } from "../../provider/platform/http-errors";
import { everyText } from "../support/every-text";
import { type Answer, failureOf, requestTo, useServers } from "./server";

const http = createHttp({ userAgent: "yciam/test", random: () => 0 });
const serve = useServers();

/** Each a canary of its own shape; all that can be printed is searched for every one of them. */
const bearer = "t1.9euelZqCANARYbearer.abcDEF-_123456";
const assertion = "eyJhbGciOiJQUzI1NiJ9.eyJDQU5BUlkiOjF9.c2lnbmF0dXJl-CANARY";
const oauth = "y0_CANARYoauthAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const query = "CANARYqueryvalue";
const shapeless = "CANARY-of-no-known-shape-".repeat(3);
const quoted = 'CANARY "quoted" & more';

const secretRequest = (url: string, more: Partial<HttpRequest> = {}) =>
  requestTo(`${url}/iam/v1/tokens?key=${query}`, {
    method: "POST",
    headers: { authorization: new Secret(`Bearer ${bearer}`), "x-a": new Secret(shapeless) },
    json: { jwt: new Secret(assertion), oauth: new Secret(oauth), other: new Secret(quoted) },
    retries: 0,
    ...more,
  });

/** The error of one answer, after a search for canaries in all that can be printed of it. */
async function failure(answer: Answer, more: Partial<HttpRequest> = {}): Promise<ServiceError> {
  const { url } = await serve(answer);
  const error = await failureOf(http(secretRequest(url, more)));
  for (const canary of [assertion, "CANARY"]) expect(everyText(error)).to.not.contain(canary);
  expect(Object.keys(error).sort()).to.deep.equal(["code", "failure", "name", "reply"]);
  error.message = error.message.replaceAll(new URL(url).host, "HOST");
  return error;
}

const REFUSED = "POST HOST/iam/v1/tokens was refused";
const asForm = new URLSearchParams({ f: quoted }).toString();
const base64 = Buffer.from(quoted).toString("base64").replaceAll("=", "");
const escaped = [JSON.stringify(quoted), encodeURIComponent(quoted), base64, asForm].join(" | ");
const others = `t1.9euelZqCANARYother.CANARYsignature and y0_${"CANARYother".repeat(4)}`;
const turning = "Failed:\n  - identity\r\n\u2028forged: \u202egnorw\u202c\u2066\u200f\u200b\ufeff ключ";
const turned = "Failed: - identity forged: gnorw ключ";
const hidden = '"[secret]" | [secret] | [secret] | f=[secret]';
const part = assertion.split(".").slice(0, 2).join(".");
const unseen = `${bearer.slice(0, 10)}\u200b${bearer.slice(10)}`;
const long = `${" ".repeat(4060)}word ${shapeless} more`;
const grant = "invalid_grant";

/** What a service says with its refusal, a text or JSON, and what is told of it. */
const said: readonly [string, unknown, ServiceReply][] = [
  ["E1: a google.rpc.Status", { code: 7, message: "No" }, { iamCode: 7, serviceMessage: "No" }],
  ["E1: a code without a message", { code: 7 }, {}],
  ["E1: a code that is no number", { code: "7", message: "No" }, { serviceMessage: "No" }],
  ["E1: an OAuth error", { error: grant }, { oauthError: grant, serviceMessage: grant }],
  ["E1: words", { error: grant, error_description: "Over" }, { oauthError: grant, serviceMessage: "Over" }],
  ["E1: a secret as an error", { error: bearer }, { oauthError: "[secret]", serviceMessage: "[secret]" }],
  ["E1: an error that is no string", { error: { code: 403 } }, {}],
  ["E1: a gateway's HTML", `<html>${query}</html>`, {}],
  ["a message that is no string", { message: { a: query }, code: 3 }, {}],
  ["a message of nothing that is seen", { message: "\u202e" }, {}],
  ["one word of more than 4096 characters", { message: "x".repeat(5000) }, {}],
  ["a control character", { message: "a\u001b[31mb\u0000c" }, { serviceMessage: "a[31mbc" }],
  ["more than 500 characters", { message: "c".repeat(600) }, { serviceMessage: "c".repeat(500) }],
  ["lines, and characters that turn or hide text", { message: turning }, { serviceMessage: turned }],
  ["secrets, escaped in every way or in Base64", { message: escaped }, { serviceMessage: hidden }],
  ["another's tokens", { message: others }, { serviceMessage: "[secret] and [secret]" }],
  ["a part of a secret that has a shape", { message: part }, { serviceMessage: "[secret]" }],
  ["characters inside a secret that are not seen", { message: unseen }, { serviceMessage: "[secret]" }],
  ["a secret where a long message is cut", { message: long }, { serviceMessage: "word" }],
];

describe("platform/http, errors", () => {
  for (const [what, body, told] of said) {
    it(`tell what may be told of ${what}`, async () => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const { serverTime, ...reply } = (await failure((response) => response.writeHead(403).end(text))).reply;
      expect(serverTime).to.be.closeTo(Date.now(), 60_000);
      expect(reply).to.deep.equal({ status: 403, ...told });
    });
  }

  it("tell method, host, path, status, IAM's code and message, and the request id, and nothing else", async () => {
    const body = { code: 16, message: "The token is invalid", details: [{ secret: query }] };
    const headers = { "x-request-id": "1f9c-77", "set-cookie": query };
    const { message } = await failure((response) =>
      response.writeHead(401, headers).end(JSON.stringify(body)),
    );
    expect(message).to.equal(`${REFUSED} (HTTP 401, code 16, request id 1f9c-77): The token is invalid.`);
    const bare = await failure((response) => response.writeHead(404).end());
    expect(bare.message).to.equal(`${REFUSED} (HTTP 404).`);
  });

  it("hold nothing of an echoed request: body and headers, in the message and in the request id", async () => {
    const { message } = await failure((response, { body, headers: { authorization = "" } }) => {
      const text = JSON.stringify({ code: 3, message: `cannot take ${body} with ${authorization}` });
      response.writeHead(400, { "x-request-id": `id of ${authorization}` }).end(text);
    });
    expect(message).to.match(/\(HTTP 400, code 3, request id id of \[secret\]\): cannot .*\[secret\]/);
  });

  it("come from replies whose headers hold nothing of what was sent, a good status notwithstanding", async () => {
    const { url } = await serve((response, { headers }) =>
      response.writeHead(200, { "x-request-id": `id ${headers.authorization}` }).end(),
    );
    expect((await http(secretRequest(url))).headers["x-request-id"]).to.equal("id [secret]");
  });

  it("hold nothing of a secret that a redirect names a part of as its host, nor after any other end", async () => {
    const redirect = (location: string) => failure((response) => response.writeHead(302, { location }).end());
    const { message } = await redirect(`http://${assertion.split(".")[1]}.example/`);
    expect(message).to.match(/a redirect to \[secret\], .* any proxy\.$/);
    await redirect(`http://127.0.0.1/${query}`);
    await failure(() => undefined, { timeoutMs: 100 });
    await failure((response) => response.end(query.repeat(5000)));
  });

  it("E2: cost no more for 64 KiB made to be searched for long than for 4 KiB", () => {
    const request = secretRequest("http://a.example");
    const best = (length: number) => {
      const message = `${"-eyJ".repeat(1000)} ${"-eyJ".repeat(length / 4 - 1000)}`;
      const response = { statusCode: 400, headers: {}, body: JSON.stringify({ code: 3, message }) };
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        toServiceError({ response }, request, { outOfTime: false, attempt: undefined });
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    expect(best(64 * 1024) / best(4096)).to.be.below(16);
  });
});
