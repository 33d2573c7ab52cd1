import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { type Answer, bearer, call, post, tokenFor } from "./client";

describe("emulator: what a token opens", () => {
  let emulator: Emulator;
  let key: KeyFile;
  let target: string;
  let token: string;

  before(async () => {
    emulator = await startEmulator({ reuseWhileMs: Infinity });
    target = emulator.addServiceAccount({ name: "target" }).id;
    const { id } = emulator.addServiceAccount({ tokenCreatorOn: [target] });
    key = await emulator.createKey({ serviceAccountId: id });
  });
  beforeEach(async () => {
    emulator.clockOffsetMs = 0;
    token = await tokenFor(emulator, key);
    emulator.reset();
  });
  after(() => emulator.close());

  function impersonate(body: object, headers = bearer(token)): Promise<Answer> {
    return post(`${emulator.url}/iam/v1/tokens:createForServiceAccount`, body, headers);
  }
  function revoke(body: object, headers = bearer(token)): Promise<Answer> {
    return post(`${emulator.url}/iam/v1/tokens:revoke`, body, headers);
  }
  function clouds(headers = bearer(token)): Promise<Answer> {
    return call(`${emulator.url}/resource-manager/v1/clouds`, { headers });
  }

  it("the list of clouds", async () => {
    const { status, body } = await clouds();
    expect(status).to.equal(200);
    const [cloud] = body["clouds"] as Record<string, unknown>[];
    expect(cloud).to.include({ name: "demo-cloud" });
    expect(cloud).to.include.keys("id", "createdAt");
    emulator.cloudName = "renamed";
    expect((await clouds()).text).to.include('"renamed"');
  });

  it("nothing without a valid one: missing, unknown, forged or expired", async () => {
    expect((await clouds({})).body).to.include({ code: 16 });
    const last = token.at(-1) === "A" ? "B" : "A";
    for (const wrong of ["", "nonsense", `${token.slice(0, -1)}${last}`, `t1.AAAA.${token.split(".")[2]}`]) {
      expect((await clouds(bearer(wrong))).status).to.equal(401);
    }
    expect((await clouds({ authorization: `Basic ${token}` })).status).to.equal(401);
    emulator.clockOffsetMs = 12 * 3600_000 + 1000;
    expect((await clouds()).body).to.include({ code: 16, message: "The token is invalid" });
  });

  it("another account's token, with the role", async () => {
    const { status, body } = await impersonate({ serviceAccountId: target });
    expect(status).to.equal(200);
    expect(emulator.issuedTokens.at(-1)).to.include({ token: body["iamToken"], subjectId: target });
    expect((await clouds(bearer(body["iamToken"] as string))).status).to.equal(200);
    expect(emulator.counts).to.include({ createForServiceAccount: 1, exchanges: 1 });
  });

  it("no other account's token without the role, without a token, or for nobody", async () => {
    const stranger = emulator.addServiceAccount().id;
    expect(await impersonate({ serviceAccountId: stranger }))
      .to.deep.include({ status: 403 })
      .and.nested.include({ "body.code": 7 });
    expect(await impersonate({ serviceAccountId: "ajenobody" })).to.nested.include({
      status: 404,
      "body.code": 5,
    });
    expect(await impersonate({ serviceAccountId: target }, {})).to.nested.include({
      status: 401,
      "body.code": 16,
    });
    expect(await impersonate({})).to.nested.include({ status: 400, "body.code": 3 });
    expect(await impersonate({ serviceAccountId: "a".repeat(51) })).to.nested.include({
      status: 400,
      "body.code": 3,
    });
    expect(emulator.counts.exchanges).to.equal(0);
    emulator.grantTokenCreator(key.service_account_id, stranger);
    expect((await impersonate({ serviceAccountId: stranger })).status).to.equal(200);
  });

  it("its own end: revoked, it opens nothing", async () => {
    const other = await tokenFor(emulator, key);
    const { status, body } = await revoke({ iamToken: token });
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ subjectId: key.service_account_id });
    expect((await clouds()).body).to.include({ code: 16, message: "The token is invalid" });
    expect((await clouds(bearer(other))).status).to.equal(200);
    expect((await revoke({ iamToken: token }, bearer(other))).body).to.include({ code: 3 });
  });

  it("no revocation without a token", async () => {
    expect((await revoke({ iamToken: token }, {})).status).to.equal(401);
    expect((await revoke({})).body).to.include({ code: 3 });
    expect((await revoke({ iamToken: "a".repeat(4097) })).body).to.include({ code: 3 });
    expect((await clouds()).status).to.equal(200);
  });

  it("a revoked token is not handed out again", async () => {
    emulator.reuseWhileMs = undefined;
    const shared = await tokenFor(emulator, key);
    expect(await tokenFor(emulator, key)).to.equal(shared);
    await revoke({ iamToken: shared }, bearer(shared));
    expect(await tokenFor(emulator, key)).to.not.equal(shared);
    emulator.reuseWhileMs = Infinity;
  });
});
