import { expect } from "chai";
import { createTokenSource, OptionError, Secret } from "../../sdk/nodejs/token";
import { emulatorForAll } from "../resolvers/support";

describe("../../sdk/nodejs/token", () => {
  const emulator = emulatorForAll();
  const NAMES = ["YC_SERVICE_ACCOUNT_KEY_FILE", "YCIAM_IAM_ENDPOINT"];
  const before_ = NAMES.map((name) => process.env[name]);
  afterEach(() =>
    NAMES.forEach((name, index) => {
      if (before_[index] === undefined) delete process.env[name];
      else process.env[name] = before_[index];
    }),
  );

  const source = async (more: object = {}, log?: Parameters<typeof createTokenSource>[1]) => {
    const json = JSON.stringify(await emulator.current.createKey());
    const { iamEndpoint } = emulator.current;
    return createTokenSource({ serviceAccountKey: { json }, iamEndpoint, cache: "memory", ...more }, log);
  };

  it("reads the environment once, when it is made", async () => {
    process.env.YC_SERVICE_ACCOUNT_KEY_FILE = JSON.stringify(await emulator.current.createKey());
    process.env.YCIAM_IAM_ENDPOINT = emulator.current.iamEndpoint;
    const tokens = createTokenSource({ cache: "memory" });
    process.env.YC_SERVICE_ACCOUNT_KEY_FILE = "/none";
    expect((await tokens.getToken()).resolver).to.equal("serviceAccountKey");
  });

  it("gives one exchange to all who ask at once, obeys each one's signal, and answers the same while it is fresh", async () => {
    const tokens = await source();
    const controller = new AbortController();
    const left = tokens.getToken(controller.signal).catch((error: unknown) => error);
    const others = Array.from({ length: 50 }, () => tokens.getToken());
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await left).to.equal(reason);
    expect(new Set((await Promise.all(others)).map(({ fingerprint }) => fingerprint)).size).to.equal(1);
    const first = await tokens.getToken();
    expect(first.token).to.be.instanceOf(Secret);
    expect(first.token.reveal()).to.equal(emulator.current.issuedTokens.at(-1)?.token);
    expect(await tokens.getToken()).to.equal(first);
    expect(await tokens.getToken(controller.signal).catch((error: unknown) => error)).to.equal(reason);
    expect(emulator.current.counts.exchanges).to.equal(1);
  });

  it("L5: tells a refreshAt that lies ahead while an old token is served in an outage", async () => {
    const warned: string[] = [];
    const log = { debug: () => undefined, warn: (message: string) => void warned.push(message) };
    const tokens = await source({ refreshAfter: "0s", retries: 0 }, log);
    const first = await tokens.getToken();
    emulator.current.faults.inject({ route: "tokens", status: 503, times: Infinity });
    const old = await tokens.getToken();
    expect(old.fingerprint).to.equal(first.fingerprint);
    expect(Date.parse(old.refreshAt ?? "")).to.be.at.least(Date.parse(old.issuedAt ?? ""));
    expect(warned).to.have.length(1);
  });

  it("refuses an option that cannot be used when it is made", () => {
    expect(() => createTokenSource({ retries: -1 })).to.throw(OptionError, /^retries must be/);
  });
});
