import { expect } from "chai";
import { type AppConfig, createApp } from "../../provider/app";
import { at, emulatorForAll, keyForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { everyText } from "../support/every-text";
import { failureOf } from "../support/failure";

describe("app, whoami", () => {
  const emulator = emulatorForAll();
  const key = keyForAll(emulator);
  const ask = (config: AppConfig = {}) => {
    const all = { ...at(emulator.current), serviceAccountKey: { json: key.current }, ...config };
    return createApp(all, testContext({ now: () => emulator.current.now() })).whoami();
  };
  const target = () => {
    const { id, name } = emulator.current.addServiceAccount({ name: "target" });
    emulator.current.grantTokenCreator(key.current.service_account_id, id);
    return { id, name };
  };

  it("tells whose token it is, by which way, for how long, and the name that IAM knows; it holds no token", async () => {
    const { resolver, ...identity } = await ask();
    const subjectId = key.current.service_account_id;
    expect(identity).to.deep.include({
      subjectId,
      name: `sa-${subjectId.slice(-4)}`,
      type: "SERVICE_ACCOUNT",
      steps: [{ by: resolver, subjectId }],
    });
    expect(identity.remainingSeconds).to.be.within(12 * 3600 - 60, 12 * 3600);
    for (const { token } of emulator.current.issuedTokens) expect(everyText(identity)).to.not.contain(token);
  });

  it("tells of both accounts after an impersonation", async () => {
    const { id, name } = target();
    const identity = await ask({ impersonate: { serviceAccountId: id } });
    expect(identity).to.include({ subjectId: id, name });
    const own = key.current.service_account_id;
    expect(identity.steps).to.deep.equal([
      { by: "serviceAccountKey", subjectId: own },
      { by: "impersonation", subjectId: id },
    ]);
    expect(emulator.current.counts).to.include({ tokens: 1, createForServiceAccount: 1 });
  });

  for (const [title, fault] of [
    ["may not be told", { status: 403 }],
    ["is not known", { status: 404 }],
    ["has no sense in it", { status: 200, body: '{"subject":[]}' }],
    ["does not come in time", { delayMs: 60_000 }],
  ] as const)
    it(`has no name when it ${title}, and does not fail`, async () => {
      emulator.current.faults.inject({ route: "subjects", ...fault });
      const identity = await ask({ timeout: "300ms", minRemainingValidity: "1s" });
      expect(identity).to.have.property("subjectId");
      expect(identity).to.not.have.any.keys("name", "type");
    });

  it("asks for no name where it is not known whose token it is", async () => {
    const identity = await ask({ serviceAccountKey: undefined, iamToken: { token: "t1.x.y" } });
    expect(identity.steps).to.deep.equal([{ by: "iamToken" }]);
    expect(identity).to.not.have.any.keys("subjectId", "expiresAt", "remainingSeconds");
    expect(emulator.current.requests).to.deep.equal([]);
  });

  it("fails as a call for a token does", async () => {
    emulator.current.faults.inject({ route: "tokens", status: 403 });
    expect(await failureOf(ask())).to.have.property("code", "ERR_YCIAM_CREDENTIAL");
  });
});
