import { expect } from "chai";
import fc from "fast-check";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import { createApp, type TokenResult } from "../../provider/app";
import { YciamError } from "../../provider/core/errors";
import { testContext } from "../support/context";

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
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** White space and the like is more frequent here than in texts at random. */
const nearTokens = fc.oneof(
  fc.stringMatching(/^t1\.[\w.-]{1,40}$/),
  fc.stringMatching(/^[\x01-\x7f]{1,8}$/),
  fc.anything(),
);
const bodies = fc.oneof(
  fc
    .record({ iamToken: nearTokens, expiresAt: fc.constant(EXPIRES_AT) })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ access_token: nearTokens, expires_in: fc.integer({ min: -1, max: 50_000 }) })
    .map((value) => JSON.stringify(value)),
  fc.string(),
  fc.json(),
  fc
    .record(
      { iamToken: fc.anything(), expiresAt: fc.oneof(fc.anything(), fc.constant(EXPIRES_AT)) },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc
    .record({ access_token: fc.anything(), expires_in: fc.anything() }, { requiredKeys: [] })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ code: fc.anything(), message: fc.anything(), error: fc.anything() })
    .map((value) => JSON.stringify(value)),
);
const words = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
const replies: fc.Arbitrary<Reply> = fc.record({
  // Mostly 200, so that some runs do bring a token.
  status: fc.constantFrom(
    ...Array<number>(15).fill(200),
    201,
    204,
    301,
    307,
    400,
    401,
    403,
    404,
    409,
    418,
    429,
    499,
    500,
    503,
  ),
  body: bodies,
  headers: fc.record(
    {
      "content-type": words,
      date: fc.oneof(words, fc.constant(new Date().toUTCString())),
      "x-request-id": words,
      "retry-after": words,
      location: words,
      "metadata-flavor": fc.constantFrom("Google", "Google", "Google", "google"),
    },
    { requiredKeys: ["metadata-flavor"] },
  ),
});

describe("fuzz: replies of any kind", () => {
  let server: Server;
  let reply: Reply;
  let received = "";

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received = Buffer.concat(chunks).toString();
        answer(response, reply);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  for (const [title, config] of [
    ["of IAM", { serviceAccountKey: { json: KEY } }],
    ["of the metadata service", { resolvers: ["instanceMetadata"] }],
    ["of discovery", { serviceAccountKey: { json: KEY }, iamEndpoint: undefined, endpoint: "here" }],
  ] as const) {
    it(`${title} are a token with a life, or an error of ours without what was sent`, async function () {
      this.timeout(60_000);
      let tokens = 0;
      await fc.assert(
        fc.asyncProperty(replies, async (given) => {
          reply = given;
          received = "";
          const context = testContext({ env: { YC_METADATA_ADDR: address() } });
          const all = {
            iamEndpoint: `http://${address()}`,
            cache: "none",
            retries: 0,
            timeout: "2s",
            ...config,
          };
          const settings = "endpoint" in config ? { ...all, endpoint: `http://${address()}` } : all;
          const end: unknown = await createApp(settings, context)
            .getIamToken()
            .catch((error: unknown) => error);
          if (end instanceof Error) {
            expect(end, end.stack).to.be.instanceOf(YciamError);
            const jwt = /eyJ[-\w]+\.[-\w]+\.[-\w]+/.exec(received)?.[0];
            if (jwt !== undefined)
              expect(`${end.message}${JSON.stringify(context.logs)}`).not.to.include(jwt);
          } else {
            const { token, expiresAt } = end as TokenResult;
            expect(token.reveal()).to.match(/^[\x21-\x7e]{1,4096}$/);
            expect(Date.parse(expiresAt ?? "")).to.be.above(Date.now());
            tokens += 1;
          }
        }),
        { numRuns: 500 },
      );
      expect(tokens).to.be.above(title === "of discovery" ? -1 : 0);
    });
  }
});

function answer(response: ServerResponse, { status, body, headers }: Reply): void {
  response.sendDate = false;
  response.writeHead(status, headers);
  response.end(status === 204 ? undefined : body);
}
