import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Emulator, startEmulator } from "../../emulator";
import { outputs } from "../../provider/rows";
import { emulatorForAll } from "../resolvers/support";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { opened, secret, unknown } from "./support/wire";

describe("the plugin's functions", () => {
  const emulator = emulatorForAll();
  let plugin: Served;
  let key: string;

  beforeEach(async () => {
    key = JSON.stringify(await emulator.current.createKey());
    plugin = await servePlugin({ env: { YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint } });
    await plugin.client.configure();
  });
  afterEach(() => plugin.close());

  const withKey = () => ({ serviceAccountKey: { json: secret(key) }, timeout: null, oauthToken: null });
  const taken = async (from: Emulator) => {
    while (from.faults.pending > 0) await new Promise(setImmediate);
  };

  it("answer a token, and of the very same one what may be shown, with nothing secret in it", async () => {
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    const { result: info } = await plugin.client.invoke("getIamTokenInfo", withKey());
    expect(result).to.have.all.keys(Object.keys(outputs));
    const { token, authorizationHeader, ...rest } = result;
    expect(opened(token)).to.equal(emulator.current.issuedTokens.at(-1)?.token);
    expect(opened(authorizationHeader)).to.equal(`Bearer ${String(opened(token))}`);
    expect(info).to.deep.equal(rest);
    expect(JSON.stringify(info)).not.to.contain("4dabf18193072939515e22adb298388d");
    expect(emulator.current.counts.exchanges).to.equal(1);
  });

  it("answer an access key, whose two secrets are secret alone", async () => {
    const asked = { ...withKey(), duration: "2h", sessionName: "deploy", policy: null };
    const { result } = await plugin.client.invoke("getEphemeralAccessKey", asked);
    const {
      accessKeyId,
      secret: own,
      sessionToken,
      sessionName,
      expiresAt,
    } = emulator.current.issuedAccessKeys.at(-1)!;
    expect(sessionName).to.equal("deploy");
    expect(result).to.deep.equal({
      accessKeyId,
      secretAccessKey: secret(own),
      sessionToken: secret(sessionToken),
      expiresAt: new Date(expiresAt).toISOString(),
    });
  });

  it("explain what each resolver does, and ask for a token only when told to verify", async () => {
    const { result } = await plugin.client.invoke("explainResolvers", withKey());
    expect(result).to.include({ chosen: "serviceAccountKey", verified: false });
    expect((result.resolvers as { outcome: string }[])[0]?.outcome).to.equal("used");
    expect(emulator.current.counts.exchanges).to.equal(0);
    const verified = await plugin.client.invoke("explainResolvers", { ...withKey(), verify: true });
    expect(verified.result.verified).to.equal(true);
    expect(emulator.current.counts.exchanges).to.equal(1);
  });

  const mistakes: [string, Wire, string][] = [
    ["getIamToken", { serviceAccountKey: { file: "" } }, "serviceAccountKey.file"],
    ["getIamToken", { oauthToken: "y0_planted" }, "oauthToken"],
    ["getIamToken", { iamTokn: { token: "t1.planted.b" } }, "iamTokn"],
    ["explainResolvers", { verify: "planted" }, "verify"],
    ["getEphemeralAccessKey", { sessionName: "planted " }, "sessionName"],
  ];
  for (const [name, args, property] of mistakes) {
    it(`report ${JSON.stringify(args)} as a failure of ${property}, of ${name}`, async () => {
      const { failures, result } = await plugin.client.invoke(name, args);
      expect(result).to.deep.equal({});
      expect(failures.map((failure) => failure.property)).to.deep.equal([property]);
      expect(failures[0]?.reason).to.contain(property).and.not.contain("planted");
    });
  }

  it("refuse a name that no function has, one that every object has too", async () => {
    for (const name of ["getSomething", "yciam:index:toString"]) {
      const { code, details } = await refusal(plugin.client.invoke(name));
      expect(code).to.equal(status.INVALID_ARGUMENT);
      expect(details).to.contain(name);
    }
  });

  it("say in the log whether a preview asks, and no more of a credential than 12 characters of a digest", async () => {
    await plugin.client.invoke("getIamToken", withKey());
    const line = { level: "debug", message: "invoke yciam:index:getIamToken", fields: { preview: true } };
    expect(plugin.context.logs).to.deep.include(line);
    const got = plugin.context.logs.find(({ message }) => message === "got a new IAM token");
    expect(got?.fields?.credential).to.match(/^serviceAccountKey \S+ \S+ [0-9a-f]{12}$/);
  });

  it("end a call that is cancelled by its caller, down to its request, and nothing else", async () => {
    const slow = await startEmulator();
    slow.faults.inject({ delayMs: 60_000 });
    const abort = new AbortController();
    const args = { ...withKey(), iamEndpoint: slow.iamEndpoint };
    const cancelled = refusal(plugin.client.invoke("getIamToken", args, abort.signal));
    await taken(slow);
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    expect(result.resolver).to.equal("serviceAccountKey");
    expect(slow.openSockets()).to.equal(1);
    abort.abort();
    expect((await cancelled).code).to.equal(status.CANCELLED);
    while (slow.openSockets() > 0) await new Promise((done) => setTimeout(done, 10));
    await slow.close();
  });

  it("end at once when the plugin is told to cancel, and later ones are served", async () => {
    emulator.current.faults.inject({ delayMs: 60_000 });
    const slow = refusal(plugin.client.invoke("getIamToken", withKey()));
    await taken(emulator.current);
    await plugin.client.call("cancel", new Empty());
    expect(await slow).to.deep.equal({ code: status.CANCELLED, details: "the operation was cancelled" });
    const { result } = await plugin.client.invoke("getIamToken", withKey());
    expect(result.resolver).to.equal("serviceAccountKey");
  });
});

describe("what is unknown, in the plugin", () => {
  let plugin: Served;
  // A token of the environment belongs to somebody: it must not stand in for one that is not known yet.
  beforeEach(async () => (plugin = await servePlugin({ env: { YC_IAM_TOKEN: "t1.other.identity" } })));
  afterEach(() => plugin.close());

  const shown = Object.keys(outputs).filter((name) => !outputs[name]?.secret);
  const pendingInfo = Object.fromEntries(shown.map((name) => [name, unknown]));
  const pending: Readonly<Record<string, object>> = {
    getIamToken: { token: secret(unknown), authorizationHeader: secret(unknown), ...pendingInfo },
    getIamTokenInfo: pendingInfo,
    getEphemeralAccessKey: {
      accessKeyId: unknown,
      secretAccessKey: secret(unknown),
      sessionToken: secret(unknown),
      expiresAt: unknown,
    },
    explainResolvers: { resolvers: unknown, chosen: unknown, verified: unknown },
  };
  const places: readonly [Wire, Wire, string][] = [
    [{}, { serviceAccountKey: { json: secret(unknown) } }, "serviceAccountKey.json is not"],
    [{}, { iamToken: secret(unknown) }, "iamToken is not"],
    [{}, { resolvers: ["iamToken", unknown] }, "resolvers is not"],
    [{ serviceAccountKey: { json: unknown } }, {}, "serviceAccountKey.json of the provider is not"],
    [{ iamToken: JSON.stringify({ token: unknown }) }, {}, "iamToken.token of the provider is not"],
  ];

  for (const [config, args, said] of places) {
    it(`leaves every answer unknown in a preview, and is refused by name otherwise: ${said} known`, async () => {
      await plugin.client.configure(config);
      for (const [name, answer] of Object.entries(pending))
        expect((await plugin.client.invoke(name, args)).result).to.deep.equal(answer);
      const update = plugin.client.invoke("getIamToken", args, undefined, false);
      for (const work of [update, plugin.client.create(args)]) {
        const { code, details } = await refusal(work);
        expect(code).to.equal(status.INVALID_ARGUMENT);
        expect(details.startsWith(said), details).to.equal(true);
      }
    });
  }
});
