import { expect } from "chai";
import { bearer, clouds, post, tokenFor, useEmulator } from "./client";

describe("emulator: what a token opens", () => {
  const bench = useEmulator({ reuseWhileMs: Infinity });
  let target: string;
  let token: string;

  before(() => {
    target = bench.emulator.addServiceAccount({ name: "target" }).id;
    bench.emulator.grantTokenCreator(bench.key.service_account_id, target);
  });
  beforeEach(async () => {
    token = await tokenFor(bench);
    bench.emulator.reset();
  });

  const ask = (verb: string) => async (body: object, headers?: Record<string, string>) => {
    const url = `${bench.emulator.url}/iam/v1/tokens:${verb}`;
    const { status, body: answer } = await post(url, body, headers ?? bearer(token));
    return { status, code: answer["code"], answer };
  };
  const impersonate = ask("createForServiceAccount");
  const revoke = ask("revoke");
  const isOpen = async (secret: string) => (await clouds(bench, bearer(secret))).status === 200;

  it("the list of clouds", async () => {
    const { status, body } = await clouds(bench, bearer(token));
    expect(status).to.equal(200);
    const [cloud] = body["clouds"] as Record<string, unknown>[];
    expect(cloud).to.include({ name: "demo-cloud" }).and.include.keys("id", "createdAt");
    bench.emulator.cloudName = "renamed";
    expect((await clouds(bench, bearer(token))).text).to.include('"renamed"');
  });

  it("nothing without a valid one: missing, unknown, forged or expired", async () => {
    const last = token.at(-1) === "A" ? "B" : "A";
    const wrong = ["", "nonsense", `${token.slice(0, -1)}${last}`, `t1.AAAA.${token.split(".")[2]}`];
    for (const headers of [{}, { authorization: `Basic ${token}` }, ...wrong.map(bearer)])
      expect(await clouds(bench, headers)).to.nested.include({ status: 401, "body.code": 16 });
    bench.emulator.clockOffsetMs = 12 * 3600_000 + 1000;
    const { body } = await clouds(bench, bearer(token));
    expect(body).to.include({ code: 16, message: "The token is invalid" });
  });

  it("another account's token, with the role", async () => {
    const { status, answer } = await impersonate({ serviceAccountId: target });
    expect(status).to.equal(200);
    expect(bench.emulator.issuedTokens.at(-1)).to.include({ token: answer["iamToken"], subjectId: target });
    expect(await isOpen(answer["iamToken"] as string)).to.equal(true);
    expect(bench.emulator.counts).to.include({ createForServiceAccount: 1, exchanges: 1 });
  });

  it("no other account's token without the role, without a token, or for nobody", async () => {
    const serviceAccountId = bench.emulator.addServiceAccount().id;
    expect(await impersonate({ serviceAccountId })).to.include({ status: 403, code: 7 });
    expect(await impersonate({ serviceAccountId: "nobody" })).to.include({ status: 404, code: 5 });
    expect(await impersonate({ serviceAccountId: target }, {})).to.include({ status: 401, code: 16 });
    for (const body of [{}, { serviceAccountId: "a".repeat(51) }])
      expect(await impersonate(body)).to.include({ status: 400, code: 3 });
    expect(bench.emulator.counts.exchanges).to.equal(0);
    bench.emulator.grantTokenCreator(bench.key.service_account_id, serviceAccountId);
    expect((await impersonate({ serviceAccountId })).status).to.equal(200);
  });

  it("its own end: revoked, it opens nothing and is handed out no more", async () => {
    bench.emulator.reuseWhileMs = undefined;
    const shared = await tokenFor(bench);
    expect(await tokenFor(bench)).to.equal(shared);
    const { status, answer } = await revoke({ iamToken: shared }, bearer(shared));
    expect([status, answer]).to.deep.equal([200, { subjectId: bench.key.service_account_id }]);
    const next = await tokenFor(bench);
    expect([await isOpen(shared), next === shared, await isOpen(next)]).to.deep.equal([false, false, true]);
    expect((await revoke({ iamToken: shared }, bearer(next))).code).to.equal(3);
  });

  it("no revocation without a token", async () => {
    expect((await revoke({ iamToken: token }, {})).status).to.equal(401);
    for (const body of [{}, { iamToken: "a".repeat(4097) }]) expect((await revoke(body)).code).to.equal(3);
    expect(await isOpen(token)).to.equal(true);
  });
});
