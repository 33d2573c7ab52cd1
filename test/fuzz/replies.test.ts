import { expect } from "chai";
import fc from "fast-check";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import { createApp, type TokenResult } from "../../provider/app";
import { YciamError } from "../../provider/core/words/errors";
import type { AppConfig } from "../../provider/core/chain/plan";
import { testContext } from "../support/context";
import { everyText } from "../support/every-text";

const KEY = JSON.stringify({
  id: "ajekey",
  service_account_id: "ajeaccount",
  private_key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }),
});
const EXPIRES_AT = new Date(Date.now() + 3_600_000).toISOString();

interface Reply {
  readonly status: number;
  /** What of a request comes back: which value of those it was sent, as it was or escaped. */
  readonly echo: { readonly nth: number; readonly escape: (text: string) => string };
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where this stands in a reply, the server writes something that it was sent. */
const ECHO = "ECHO";
const words = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
  fc.constant(ECHO),
  fc.constant(`said ${ECHO}`),
);
/** White space and the like is more frequent here than in texts at random. */
const nearTokens = fc.oneof(
  fc.stringMatching(/^t1\.[\w.-]{1,40}$/),
  fc.stringMatching(/^[\x01-\x7f]{1,8}$/),
  fc.anything(),
);
/** JSON of an object with these fields; all of them, or any. */
const json = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys?: []) =>
  fc.record(fields, requiredKeys && { requiredKeys }).map((value) => JSON.stringify(value));
const bodies = fc.oneof(
  json({ iamToken: nearTokens, expiresAt: fc.constant(EXPIRES_AT) }),
  json({ access_token: nearTokens, expires_in: fc.integer({ min: -1, max: 50_000 }) }),
  fc.string(),
  fc.json(),
  json({ iamToken: fc.anything(), expiresAt: fc.oneof(fc.anything(), fc.constant(EXPIRES_AT)) }, []),
  json({ access_token: fc.anything(), expires_in: fc.anything() }, []),
  json({ code: fc.anything(), message: fc.anything(), error: fc.anything() }),
  fc
    .constantFrom("message", "error", "error_description", "expiresAt")
    .map((name) => `{"${name}":"no: ${ECHO}!"}`),
  fc.constant(`<html>${ECHO}`),
);
const echoes = fc.record({
  nth: fc.nat(9),
  escape: fc.constantFrom(String, encodeURIComponent, (text: string) => Buffer.from(text).toString("base64")),
});
const OTHERS = [201, 204, 301, 307, 400, 401, 403, 404, 409, 418, 429, 499, 500, 503];
const replies: fc.Arbitrary<Reply> = fc.record({
  echo: echoes,
  // Mostly 200, so that some runs do bring a token.
  status: fc.oneof(fc.constant(200), fc.constantFrom(...OTHERS)),
  body: bodies,
  headers: fc.record(
    {
      "content-type": words,
      date: fc.oneof(words, fc.constant(new Date().toUTCString())),
      "x-request-id": words,
      "retry-after": words,
      location: fc.oneof(words, fc.constant(`http://${ECHO}/`)),
      "metadata-flavor": fc.constantFrom("Google", "Google", "Google", "google"),
    },
    { requiredKeys: ["metadata-flavor"] },
  ),
});

/** Every value of a request that is a secret: the bearer, and what its body holds. */
function secretsOf({ headers: { authorization = "" } }: IncomingMessage, body: string): readonly string[] {
  const bodies: unknown[] = body.startsWith("{") ? Object.values(JSON.parse(body) as object) : [];
  const all = [authorization.replace("Bearer ", ""), ...bodies];
  return all.map(String).filter((value) => value.length >= 16 && !value.startsWith("aje"));
}

describe("fuzz: replies of any kind", () => {
  let server: Server;
  let reply: Reply;
  const sent = new Set<string>();
  let echoed = 0;

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const secrets = secretsOf(request, Buffer.concat(chunks).toString());
        for (const secret of secrets) sent.add(secret);
        const { nth, escape } = reply.echo;
        const echo = escape(secrets[nth % secrets.length] ?? "nothing");
        if (secrets.length > 0 && JSON.stringify(reply).includes(ECHO)) echoed += 1;
        answer(response, {
          ...reply,
          ...(JSON.parse(JSON.stringify(reply).replaceAll(ECHO, echo)) as object),
        });
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const situations: readonly [string, AppConfig][] = [
    ["of IAM", { serviceAccountKey: { json: KEY } }],
    ["of IAM to an OAuth token", { oauthToken: { token: "of-no-known-shape-1234567890" } }],
    [
      "of IAM to another token",
      { iamToken: { token: "of-no-known-shape-1234567890" }, impersonate: { serviceAccountId: "ajeother" } },
    ],
    ["of the metadata service", { resolvers: ["instanceMetadata"] }],
    ["of discovery", { serviceAccountKey: { json: KEY }, iamEndpoint: undefined, endpoint: "here" }],
  ];
  for (const [title, config] of situations) {
    it(`${title} are a token with a life, or an error of ours without what was sent`, async function () {
      this.timeout(60_000);
      let tokens = 0;
      echoed = 0;
      await fc.assert(
        fc.asyncProperty(replies, async (given) => {
          reply = given;
          sent.clear();
          const context = testContext({ env: { YC_METADATA_ADDR: address() } });
          const url = `http://${address()}`;
          const all = { iamEndpoint: url, cache: "none", retries: 0, timeout: "2s", ...config };
          const settings = "endpoint" in config ? { ...all, endpoint: url } : all;
          const end: unknown = await createApp(settings, context)
            .getIamToken()
            .catch((error: unknown) => error);
          const logs = JSON.stringify(context.logs);
          if (end instanceof Error) {
            expect(end, end.stack).to.be.instanceOf(YciamError);
            assertHidden(`${everyText(end)}${logs}`, sent);
          } else {
            const { token, expiresAt } = end as TokenResult;
            expect(token.reveal()).to.match(/^[\x21-\x7e]{1,4096}$/);
            expect(Date.parse(expiresAt ?? "")).to.be.above(Date.now());
            assertHidden(logs, sent);
            tokens += 1;
          }
        }),
        { numRuns: 500 },
      );
      expect(tokens).to.be.above(title === "of discovery" ? -1 : 0);
      // Discovery and the metadata service are sent nothing that is secret.
      if (title.startsWith("of IAM")) expect(echoed).to.be.above(50);
    });
  }
});

/** Neither as it was sent, nor as a host name or in Base64, nor a good part: what is long is cut before it is shown. */
function assertHidden(text: string, secrets: Iterable<string>): void {
  for (const secret of secrets) {
    const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64url")];
    for (const spelling of spellings)
      expect(text.toLowerCase()).not.to.include(spelling.slice(0, 160).toLowerCase());
  }
}

function answer(response: ServerResponse, { status, body, headers }: Reply): void {
  response.sendDate = false;
  response.writeHead(status, headers);
  response.end(status === 204 ? undefined : body);
}
