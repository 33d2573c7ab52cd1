import { expect } from "chai";
import { createApp } from "../../provider/app";
import type { AccessKey, AccessKeyOptions, AppConfig } from "../../provider/app";
import { OptionError, ServiceError, ValidityError } from "../../provider/core/words/errors";
import { containerCredentials, credentialProcess } from "../../provider/handout/aws";
import { startTrial, type Trial } from "../faults/iam";
import { everyText } from "../support/every-text";
import { failureOf } from "../support/failure";
import { warningsOf } from "../resolvers/support";

const MINUTE = 60_000;
const FORBIDDEN = { status: 403, code: 7, message: "Permission denied" };

describe("app, getAccessKey", () => {
  let trial: Trial;
  /** The time of the host and of IAM. */
  let now = Date.now();
  const clock = () => now;
  beforeEach(async () => {
    trial = await startTrial({ now: clock, reuseWhileMs: undefined }, { now: clock });
  });
  afterEach(async () => {
    const secrets = trial.emulator.issuedAccessKeys.flatMap(({ secret, sessionToken }) => [
      secret,
      sessionToken,
    ]);
    const logged = everyText(trial.context.logs);
    for (const secret of secrets) expect(logged).to.not.include(secret);
    await trial.close();
  });

  const appOf = (config: AppConfig = {}) => {
    const { iamEndpoint } = trial.emulator;
    return createApp(
      { serviceAccountKey: { json: trial.key }, iamEndpoint, retries: 0, ...config },
      trial.context,
    );
  };
  const made = () => trial.emulator.issuedAccessKeys;
  const left = ({ expiresAt }: AccessKey) => Date.parse(expiresAt) - now;

  it("gives a key of an hour for `yciam`, in the forms of AWS, and prints none of its secrets", async () => {
    const key = await appOf().getAccessKey();
    const [{ accessKeyId, secret, sessionToken, sessionName, policy } = expect.fail("none was made")] =
      made();
    expect([sessionName, policy, left(key)]).to.deep.equal(["yciam", undefined, 60 * MINUTE]);
    const [common, Expiration] = [{ AccessKeyId: accessKeyId, SecretAccessKey: secret }, key.expiresAt];
    expect(JSON.parse(credentialProcess(key, 0))).to.deep.equal({
      Version: 1,
      ...common,
      SessionToken: sessionToken,
      Expiration,
    });
    expect(JSON.parse(containerCredentials(key, 0))).to.deep.equal({
      ...common,
      Token: sessionToken,
      Expiration,
    });
    for (const hidden of [secret, sessionToken]) expect(everyText(key)).to.not.include(hidden);
  });

  it("passes on what was asked, and keeps keys apart by it", async () => {
    const { id } = trial.emulator.addServiceAccount();
    const app = appOf();
    const policy = '{ "Statement": [] }';
    const asked = [{}, { sessionName: "a@b" }, { policy }, { duration: "2h" }] satisfies AccessKeyOptions[];
    const ids = await Promise.all(asked.map(async (one) => (await app.getAccessKey(one)).accessKeyId));
    expect(new Set(ids).size).to.equal(asked.length);
    expect(made().map(({ policy: sent }) => sent)).to.include('{"Statement":[]}');
    expect(made().map(({ sessionName }) => sessionName)).to.include("a@b");
    expect(trial.emulator.counts.exchanges).to.equal(1);
    const refused = await failureOf(app.getAccessKey({ subjectId: id }));
    expect(refused.message).to.match(/Permission denied.*ephemeralAccessKeyAdmin/);
  });

  it("makes one for fifty callers, in several apps of a process too", async () => {
    const apps = [appOf(), appOf()];
    const keys = await Promise.all(Array.from({ length: 50 }, (_, index) => apps[index % 2]!.getAccessKey()));
    expect(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size).to.equal(1);
    expect(trial.emulator.counts).to.include({ exchanges: 1, ephemeralAccessKeys: 1 });
  });

  it("asks for a token that outlives the key, and says so where none does", async () => {
    const app = appOf();
    trial.emulator.tokenLifetimeMs = 90 * MINUTE;
    await app.getIamToken();
    now += 45 * MINUTE;
    trial.emulator.reuseWhileMs = Infinity;
    expect(left(await app.getAccessKey({ duration: "1h" }))).to.equal(60 * MINUTE);
    expect(trial.emulator.counts.exchanges).to.equal(2);
    const error = await failureOf(app.getAccessKey({ duration: "3h" }));
    expect(error).to.be.instanceOf(ValidityError);
    expect(error.message).to.match(/^an access key dies with the token.* duration of 3h.* lives only 1h 30m/);
  });

  it("hands out no key that dies at once, and warns of one that lives shorter than asked", async () => {
    trial.emulator.faults.inject({ route: "ephemeralAccessKeys", shortLifeMs: 30_000 });
    expect(await failureOf(appOf().getAccessKey())).to.be.instanceOf(ValidityError);
    trial.emulator.faults.inject({ route: "ephemeralAccessKeys", shortLifeMs: 20 * MINUTE });
    await appOf().getAccessKey({ sessionName: "other" });
    expect(warningsOf(trial.context).join()).to.match(/lives only 20m/);
  });

  it("renews a key when half of its life is over, and serves the old one through an outage while it lives", async () => {
    const app = appOf();
    const idOf = async () => (await app.getAccessKey()).accessKeyId;
    const first = await idOf();
    now += 29 * MINUTE;
    expect(await idOf()).to.equal(first);
    now += 2 * MINUTE;
    const second = await idOf();
    expect(second).to.not.equal(first);
    trial.emulator.faults.inject({ status: 503, times: Infinity });
    for (const later of [31, 20, 7]) {
      now += later * MINUTE;
      expect(await idOf()).to.equal(second);
    }
    expect(warningsOf(trial.context).join("\n")).to.match(/could not renew the access key.* 29m are left/);
    now += 2 * MINUTE;
    expect(await failureOf(idOf())).to.be.instanceOf(ServiceError);
    trial.emulator.faults.clear();
    expect(await idOf()).to.not.equal(second);
  });

  it("asks for one new token where somebody revoked the one that it holds", async () => {
    const app = appOf();
    const { token } = await app.getIamToken();
    trial.emulator.issuedTokens.forEach((issued) => (issued.revoked = true));
    await app.getAccessKey();
    expect(trial.emulator.counts).to.include({ exchanges: 2, ephemeralAccessKeys: 2 });
    expect((await app.getIamToken()).token.reveal()).to.not.equal(token.reveal());
  });

  it("keeps no failure, and nothing at all with cache none", async () => {
    const app = appOf({ cache: "none" });
    trial.emulator.faults.inject({ route: "ephemeralAccessKeys", ...FORBIDDEN });
    expect((await failureOf(app.getAccessKey())).code).to.equal("ERR_YCIAM_CREDENTIAL");
    await app.getAccessKey();
    await app.getAccessKey();
    expect(made()).to.have.length(2);
  });

  it("ends with the caller's own reason", async () => {
    const reason = new Error("enough");
    expect(await failureOf<unknown>(appOf().getAccessKey({}, AbortSignal.abort(reason)))).to.equal(reason);
  });

  const wrong: readonly (readonly [AccessKeyOptions, string])[] = [
    [{ duration: "14m" }, "duration"],
    [{ duration: "12h" }, "duration"],
    [{ duration: "soon" }, "duration"],
    [{ sessionName: "a b" }, "sessionName"],
    [{ subjectId: "a b" }, "subjectId"],
    [{ policy: "no JSON" }, "policy"],
    [{ policy: JSON.stringify({ long: "a".repeat(2048) }) }, "policy"],
  ];
  for (const [options, name] of wrong) {
    it(`refuses ${JSON.stringify(options).slice(0, 40)} before it asks anybody`, async () => {
      const error = await failureOf(appOf().getAccessKey(options));
      expect(error).to.be.instanceOf(OptionError).with.property("option", name);
      expect(trial.emulator.requests).to.have.length(0);
    });
  }

  const replies: readonly (readonly [object, RegExp])[] = [
    [{}, /has no accessKeyId/],
    [{ accessKeyId: "a", secret: "YCsecret" }, /has no sessionToken/],
    [{ accessKeyId: "a", secret: "a b", sessionToken: "s1.a" }, /secret that cannot be/],
    [{ accessKeyId: "a", secret: "YCsecret", sessionToken: "s1.a" }, /has no expiresAt/],
  ];
  for (const [body, problem] of replies) {
    it(`does not take ${JSON.stringify(body)} for a key`, async () => {
      trial.emulator.faults.inject({ route: "ephemeralAccessKeys", status: 200, body });
      const error = await failureOf(appOf().getAccessKey());
      expect(error.message).to.match(problem).and.not.include("YCsecret");
    });
  }
});
