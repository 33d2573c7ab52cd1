import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { assertion, bearer, call, exchange, post } from "./client";

const TOKEN_SHAPE = /^t1\.[A-Z0-9a-z_-]+={0,2}\.[A-Z0-9a-z_-]{86}={0,2}$/;
const HOUR = 3600_000;

describe("emulator: POST /iam/v1/tokens by assertion", () => {
  let emulator: Emulator;
  let key: KeyFile;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey({ serviceAccountId: emulator.addServiceAccount().id });
  });
  beforeEach(() => {
    emulator.reset();
    Object.assign(emulator, { clockOffsetMs: 0, reuseWhileMs: undefined, tokenLifetimeMs: 12 * HOUR });
  });
  after(() => emulator.close());

  it("gives a token of the real shape with a nanosecond expiry twelve hours away", async () => {
    const { status, body } = await exchange(emulator, await assertion(emulator, key));
    expect(status).to.equal(200);
    expect(body["iamToken"]).to.match(TOKEN_SHAPE);
    expect(body["expiresAt"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    expect(Date.parse(body["expiresAt"] as string) - emulator.now()).to.be.closeTo(12 * HOUR, 10_000);
    expect(emulator.issuedTokens.at(-1)?.subjectId).to.equal(key.service_account_id);
  });

  it("takes the audience as text or as an array", async () => {
    for (const aud of [
      emulator.audience,
      [emulator.audience],
      ["https://other.example", emulator.audience],
    ]) {
      expect((await exchange(emulator, await assertion(emulator, key, { claims: { aud } }))).status).to.equal(
        200,
      );
    }
  });

  it("hands out one token while it is fresh, then a new one beside it", async () => {
    const first = (await exchange(emulator, await assertion(emulator, key))).body["iamToken"] as string;
    emulator.clockOffsetMs = HOUR;
    expect((await exchange(emulator, await assertion(emulator, key))).body["iamToken"]).to.equal(first);
    emulator.clockOffsetMs = 2 * HOUR;
    expect((await exchange(emulator, await assertion(emulator, key))).body["iamToken"]).to.not.equal(first);
    expect(
      (await call(`${emulator.url}/resource-manager/v1/clouds`, { headers: bearer(first) })).status,
    ).to.equal(200);
    expect(emulator.counts).to.include({ tokens: 3, exchanges: 3, clouds: 1 });
  });

  it("shares no token between accounts", async () => {
    const other = await emulator.createKey();
    const mine = (await exchange(emulator, await assertion(emulator, key))).body["iamToken"];
    expect((await exchange(emulator, await assertion(emulator, other))).body["iamToken"]).to.not.equal(mine);
  });

  it("makes a new token each time when told to", async () => {
    emulator.reuseWhileMs = Infinity;
    const tokens = await Promise.all(
      [1, 2, 3].map(async () => exchange(emulator, await assertion(emulator, key))),
    );
    expect(new Set(tokens.map(({ body }) => body["iamToken"])).size).to.equal(3);
    const nanoseconds = tokens.map(({ body }) => (body["expiresAt"] as string).slice(-7));
    expect(nanoseconds).to.not.deep.equal(["000000Z", "000000Z", "000000Z"]);
  });

  it("keeps a deleted key out", async () => {
    const doomed = await emulator.createKey({ serviceAccountId: key.service_account_id });
    const jwt = await assertion(emulator, doomed);
    emulator.deleteKey(doomed.id);
    expect((await exchange(emulator, jwt)).body).to.include({
      code: 16,
      message: "The key of the JWT is not found",
    });
    expect(emulator.counts).to.include({ tokens: 1, exchanges: 0 });
  });

  it("keeps a deleted account out", async () => {
    const doomed = await emulator.createKey();
    emulator.deleteServiceAccount(doomed.service_account_id);
    const { body } = await exchange(emulator, await assertion(emulator, doomed));
    expect(body).to.include({ code: 16, message: "The service account of the JWT is not found" });
  });

  it("wants exactly one way to prove who you are", async () => {
    const url = `${emulator.url}/iam/v1/tokens`;
    const none = "Validation failed:\n  - identity: One of the options must be selected";
    const both =
      "Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";
    expect((await post(url, {})).body).to.include({ code: 3, message: none });
    expect((await post(url, { jwt: "a", yandexPassportOauthToken: "b" })).body).to.include({
      code: 3,
      message: both,
    });
  });

  it("limits the length of the credential", async () => {
    const url = `${emulator.url}/iam/v1/tokens`;
    expect((await post(url, { jwt: "a".repeat(8001) })).body).to.include({ code: 3 });
    expect((await post(url, { jwt: "a".repeat(8000) })).body).to.include({ code: 16 });
    expect((await post(url, { yandexPassportOauthToken: "a".repeat(4001) })).body).to.include({ code: 3 });
    expect((await post(url, { yandexPassportOauthToken: "a".repeat(4000) })).body).to.include({ code: 16 });
  });

  it("takes nothing but a JSON object", async () => {
    const url = `${emulator.url}/iam/v1/tokens`;
    const form = { method: "POST", body: new URLSearchParams({ jwt: "a" }) };
    expect((await call(url, form)).body).to.include({
      code: 3,
      message: "Content-Type must be application/json",
    });
    for (const body of [[], "text", null]) {
      expect((await post(url, body)).body).to.include({
        code: 3,
        message: "The request body is not a JSON object",
      });
    }
    expect((await post(url, { jwt: 7 })).body).to.include({ code: 3 });
  });
});
