import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import { type Emulator, startEmulator } from "../../emulator";
import { refusal } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { opened, secret } from "./support/wire";

describe("the plugin's functions", () => {
  let emulator: Emulator;
  let plugin: Served;
  let key: string;
  let subjectId: string;

  before(async () => (emulator = await startEmulator()));
  after(() => emulator.close());

  beforeEach(async () => {
    emulator.reset();
    subjectId = emulator.addServiceAccount().id;
    key = JSON.stringify(await emulator.createKey({ serviceAccountId: subjectId }));
    plugin = await servePlugin({ env: { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint } });
    await plugin.client.configure();
  });
  afterEach(() => plugin.close());

  const withKey = () => ({ serviceAccountKey: { json: secret(key) } });

  it("answer a token whose two secrets alone have Pulumi's signature", async () => {
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    const token = opened(result.token);
    expect(token).to.equal(emulator.issuedTokens.at(-1)?.token);
    expect(opened(result.authorizationHeader)).to.equal(`Bearer ${String(token)}`);
    expect(result).to.have.all.keys(
      "token",
      "authorizationHeader",
      "expiresAt",
      "issuedAt",
      "refreshAt",
      "resolver",
      "subjectId",
      "fingerprint",
    );
    expect(result.resolver).to.equal("serviceAccountKey");
    expect(result.subjectId).to.equal(subjectId);
  });

  it("answer what may be shown of the very same token, with nothing secret in it", async () => {
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    const { result: info } = await plugin.client.invoke("getIamTokenInfo", withKey());
    expect({ ...info, token: result.token, authorizationHeader: result.authorizationHeader }).to.deep.equal(
      result,
    );
    expect(info).not.to.have.any.keys("token", "authorizationHeader");
    expect(JSON.stringify(info)).not.to.contain("4dabf18193072939515e22adb298388d");
    expect(emulator.counts.exchanges).to.equal(1);
  });

  it("explain what each resolver does, and ask for no token", async () => {
    const { result } = await plugin.client.invoke("explainResolvers", withKey());
    expect(result).to.include({ chosen: "serviceAccountKey", verified: false });
    expect((result.resolvers as { outcome: string }[])[0]?.outcome).to.equal("used");
    expect(emulator.counts.exchanges).to.equal(0);
  });

  it("explain with a token when told to verify", async () => {
    const { result } = await plugin.client.invoke("explainResolvers", { ...withKey(), verify: true });
    expect(result.verified).to.equal(true);
    expect(emulator.counts.exchanges).to.equal(1);
  });

  it("take a null for what was left out", async () => {
    const { result } = await plugin.client.invoke("getIamToken", {
      ...withKey(),
      timeout: null,
      oauthToken: null,
    });
    expect(result.resolver).to.equal("serviceAccountKey");
  });

  const mistakes: [object, string, RegExp][] = [
    [{ minRemainingValidity: "soon" }, "minRemainingValidity", /^minRemainingValidity is not a duration/],
    [{ serviceAccountKey: { file: "" } }, "serviceAccountKey.file", /^serviceAccountKey.file is empty/],
    [{ oauthToken: "y0_bare" }, "oauthToken", /^oauthToken must be an object with some of: /],
    [{ iamTokn: { token: "t1.a.b" } }, "iamTokn", /^there is no option iamTokn/],
    [{ resolvers: ["serviceAccountKye"] }, "resolvers", /names "serviceAccountKye"/],
    [{ verify: true }, "verify", /^there is no option verify/],
  ];
  for (const [args, property, reason] of mistakes) {
    it(`report ${JSON.stringify(args)} as a failure of ${property}`, async () => {
      const { failures, result } = await plugin.client.invoke("getIamToken", { ...args });
      expect(result).to.deep.equal({});
      expect(failures).to.have.length(1);
      expect(failures[0]?.property).to.equal(property);
      expect(failures[0]?.reason)
        .to.match(reason)
        .and.not.match(/y0_bare|t1\.a\.b/);
    });
  }

  it("report a mistake in an argument of their own", async () => {
    const { failures } = await plugin.client.invoke("explainResolvers", { verify: "perhaps" });
    expect(failures).to.deep.equal([{ property: "verify", reason: "verify must be true or false." }]);
  });

  it("refuse when nothing has a credential, and say what each resolver wants", async () => {
    const { code, details } = await refusal(plugin.client.invoke("getIamToken"));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.contain("serviceAccountKey.file").and.to.contain("YC_SERVICE_ACCOUNT_KEY_FILE");
  });

  it("refuse as unauthenticated what IAM refuses, with its request id and nothing of the key", async () => {
    emulator.deleteKey((JSON.parse(key) as { id: string }).id);
    const { code, details } = await refusal(plugin.client.invoke("getIamToken", withKey()));
    expect(code).to.equal(status.UNAUTHENTICATED);
    expect(details).to.contain("request id").and.not.contain("PRIVATE KEY");
  });

  it("refuse as unavailable when IAM cannot be used", async () => {
    emulator.faults.inject({ status: 503, times: Infinity });
    const { code } = await refusal(plugin.client.invoke("getIamToken", { ...withKey(), retries: 0 }));
    emulator.faults.clear();
    expect(code).to.equal(status.UNAVAILABLE);
  });

  it("refuse a token that lives too short", async () => {
    emulator.faults.inject({ shortLifeMs: 60_000 });
    const { code, details } = await refusal(plugin.client.invoke("getIamToken", withKey()));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.contain("minRemainingValidity");
  });

  it("refuse a function that there is not", async () => {
    for (const name of ["getSomething", "yciam:index:toString"]) {
      const { code, details } = await refusal(plugin.client.invoke(name));
      expect(code).to.equal(status.INVALID_ARGUMENT);
      expect(details).to.contain(name);
    }
  });

  it("make one exchange for many callers at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => plugin.client.invoke("getIamToken", withKey())),
    );
    expect(new Set(answers.map(({ result }) => result.fingerprint))).to.have.property("size", 1);
    expect(emulator.counts.exchanges).to.equal(1);
  });

  it("say in the log whether a preview asks", async () => {
    await plugin.client.invoke("getIamToken", withKey());
    expect(plugin.context.logs).to.deep.include({
      level: "debug",
      message: "invoke yciam:index:getIamToken",
      fields: { preview: true },
    });
  });

  it("end a call that is cancelled by its caller, down to its request, and nothing else", async () => {
    const slow = await startEmulator();
    slow.faults.inject({ delayMs: 60_000 });
    const abort = new AbortController();
    const args = { ...withKey(), iamEndpoint: slow.iamEndpoint };
    const cancelled = refusal(plugin.client.invoke("getIamToken", args, abort.signal));
    while (slow.faults.pending > 0) await new Promise(setImmediate);
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    expect(result.resolver).to.equal("serviceAccountKey");
    expect(slow.openSockets()).to.equal(1);
    abort.abort();
    expect((await cancelled).code).to.equal(status.CANCELLED);
    while (slow.openSockets() > 0) await new Promise((done) => setTimeout(done, 10));
    await slow.close();
  });

  it("end at once when the plugin is told to cancel, and later ones are served", async () => {
    emulator.faults.inject({ delayMs: 60_000 });
    const slow = refusal(plugin.client.invoke("getIamToken", withKey()));
    while (emulator.faults.pending > 0) await new Promise(setImmediate);
    await plugin.client.cancel();
    expect(await slow).to.deep.equal({ code: status.CANCELLED, details: "the operation was cancelled" });
    expect((await plugin.client.invoke("getIamToken", withKey())).result.resolver).to.equal(
      "serviceAccountKey",
    );
  });
});
