import { expect } from "chai";
import { type OauthTokenOptions } from "../../emulator";
import { bearer, assertion, call, clouds, exchange, post, tokenFor, useEmulator } from "./client";

const TOKEN_SHAPE = /^t1\.[A-Z0-9a-z_-]+={0,2}\.[A-Z0-9a-z_-]{86}={0,2}$/;
const HOUR = 3600_000;

describe("emulator: POST /iam/v1/tokens by assertion", () => {
  const bench = useEmulator();
  const url = () => `${bench.emulator.url}/iam/v1/tokens`;

  it("gives a token of the real shape with a nanosecond expiry twelve hours away", async () => {
    const { status, body } = await exchange(bench);
    expect(status).to.equal(200);
    expect(body["iamToken"]).to.match(TOKEN_SHAPE);
    expect(body["expiresAt"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(Date.parse(body["expiresAt"] as string) - Date.now()).to.be.closeTo(12 * HOUR, 10_000);
    expect(bench.emulator.issuedTokens.at(-1)?.subjectId).to.equal(bench.key.service_account_id);
  });

  it("hands out one token while it is fresh, then a new one beside it, and none to another account", async () => {
    const first = await tokenFor(bench);
    expect(await tokenFor({ ...bench, key: await bench.emulator.createKey() })).to.not.equal(first);
    bench.emulator.clockOffsetMs = HOUR;
    expect(await tokenFor(bench)).to.equal(first);
    bench.emulator.clockOffsetMs = 2 * HOUR;
    expect(await tokenFor(bench)).to.not.equal(first);
    expect((await clouds(bench, bearer(first))).status).to.equal(200);
    expect(bench.emulator.counts).to.include({ tokens: 4, exchanges: 4, clouds: 1 });
  });

  it("makes a new token each time when told to", async () => {
    bench.emulator.reuseWhileMs = Infinity;
    const bodies = await Promise.all([1, 2, 3].map(async () => (await exchange(bench)).body));
    expect(new Set(bodies.map(({ iamToken }) => iamToken)).size).to.equal(3);
    expect(bodies.some(({ expiresAt }) => !(expiresAt as string).endsWith("000000Z"))).to.equal(true);
  });

  it("keeps a deleted key and a deleted account out", async () => {
    const [one, two] = await Promise.all([bench.emulator.createKey(), bench.emulator.createKey()]);
    bench.emulator.deleteKey(one.id);
    bench.emulator.deleteServiceAccount(two.service_account_id);
    const answers = [await exchange({ ...bench, key: one }), await exchange({ ...bench, key: two })];
    expect(answers.map(({ body }) => [body["code"], body["message"]])).to.deep.equal([
      [16, "The key of the JWT is not found"],
      [16, "The service account of the JWT is not found"],
    ]);
    expect(bench.emulator.counts).to.include({ tokens: 2, exchanges: 0 });
  });

  const VALIDATION = "Validation failed:\n  - ";
  const BOTH = "Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";
  const NO_OBJECT = "The request body is not a JSON object";
  const long = (length: number) => "a".repeat(length);
  const bodies: readonly [unknown, number, string?][] = [
    [{}, 3, `${VALIDATION}identity: One of the options must be selected`],
    [{ jwt: "a", yandexPassportOauthToken: "b" }, 3, `Request validation error: ${BOTH}`],
    [{ jwt: long(8001) }, 3],
    [{ jwt: long(8000) }, 16],
    [{ yandexPassportOauthToken: long(4001) }, 3],
    [{ yandexPassportOauthToken: long(4000) }, 16],
    [{ jwt: 7 }, 3, `${VALIDATION}jwt: Must be a string`],
    [[], 3, NO_OBJECT],
    [null, 3, NO_OBJECT],
    [{ jwt: long(70_000) }, 3, "Request body is longer than 65536 bytes"],
  ];
  for (const [sent, code, message] of bodies) {
    it(`refuses a body that is ${JSON.stringify(sent).slice(0, 60)}, of its length`, async () => {
      const { body } = await post(url(), sent);
      expect(body).to.include({ code, ...(message && { message }) });
    });
  }

  it("refuses a form", async () => {
    const { body } = await call(url(), { method: "POST", body: new URLSearchParams({ jwt: "a" }) });
    expect(body).to.include({ code: 3, message: "Content-Type must be application/json" });
  });

  it("judges an assertion by the emulator's own clock, and dates replies by it", async () => {
    const jwt = await assertion(bench);
    for (const [offset, message] of [
      [3700_000, "The JWT is expired"],
      [-300_000, "The JWT is issued in the future"],
    ] as const) {
      bench.emulator.clockOffsetMs = offset;
      const { body, headers } = await exchange(bench, jwt);
      expect(body["message"]).to.equal(message);
      expect(Date.parse(headers.get("date") ?? "")).to.be.closeTo(Date.now() + offset, 5000);
    }
  });
});

describe("emulator: OAuth tokens", () => {
  const nowMs = Date.UTC(2026, 10, 24);
  const bench = useEmulator({ now: () => nowMs });
  const exchange = (token: string) =>
    post(`${bench.emulator.url}/iam/v1/tokens`, { yandexPassportOauthToken: token });

  for (const issuedAt of [undefined, "2026-05-31"]) {
    it(`are exchanged when they are from before the cut-off: ${issuedAt}`, async () => {
      const { token, subjectId } = bench.emulator.addOauthToken({ ...(issuedAt && { issuedAt }) });
      expect(token).to.match(/^y[0-3]_[-_A-Za-z0-9]{55}$/);
      const { status, body } = await exchange(token);
      expect(status).to.equal(200);
      expect(bench.emulator.issuedTokens.at(-1)).to.include({ token: body["iamToken"], subjectId });
    });
  }

  const INVALID = "OAuth token is invalid or expired";
  const STRANGER = "User does not registered in Yandex.cloud";
  const LATE = "issued after '2026-06-01', is not supported for IAM token exchange";
  const late = { subjectId: "ajeuser", issuedAt: "2026-06-01" };
  const refused: readonly [string, OauthTokenOptions | undefined, number, string][] = [
    ["unknown", undefined, 16, INVALID],
    ["expired", { expired: true }, 16, INVALID],
    ["a year old", { issuedAt: nowMs - 366 * 24 * 3600_000 }, 16, INVALID],
    ["of a user who never entered the cloud", { registered: false }, 16, STRANGER],
    ["issued on the day of the cut-off", late, 3, `OAuth token for user 'ajeuser', ${LATE}`],
  ];
  for (const [what, options, code, message] of refused) {
    it(`are refused when ${what}`, async () => {
      const { token } = options ? bench.emulator.addOauthToken(options) : { token: "y0_unknown" };
      const answer = { status: code === 3 ? 400 : 401, "body.code": code, "body.message": message };
      expect(await exchange(token)).to.nested.include(answer);
    });
  }
});
