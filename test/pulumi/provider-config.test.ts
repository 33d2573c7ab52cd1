import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import { type Emulator, startEmulator } from "../../emulator";
import { refusal } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { opened, secret, unknown } from "./support/wire";

const DEAD = "2020-01-01T00:00:00Z";

describe("the provider's configuration", () => {
  let emulator: Emulator;
  let plugin: Served;
  const served: Served[] = [];

  before(async () => (emulator = await startEmulator()));
  after(() => emulator.close());

  const serve = async (env: Record<string, string> = {}): Promise<Served> => {
    const one = await servePlugin({ env: { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, ...env } });
    served.push(one);
    return one;
  };
  beforeEach(async () => {
    emulator.reset();
    plugin = await serve();
  });
  afterEach(() => served.splice(0).forEach(({ close }) => close()));

  const newKey = async () => {
    const { id } = emulator.addServiceAccount();
    return { id, json: JSON.stringify(await emulator.createKey({ serviceAccountId: id })) };
  };

  describe("checked", () => {
    it("comes back as it was, with what may not be shown sealed", async () => {
      const news = { serviceAccountKey: { file: "~/key.json" }, timeout: "5s", version: "0.1.0" };
      const { inputs, failures } = await plugin.client.checkConfig(news);
      expect(failures).to.deep.equal([]);
      expect(inputs).to.deep.equal({ ...news, serviceAccountKey: { file: secret("~/key.json") } });
    });

    it("seals the JSON that SDKs make of a group, whole", async () => {
      const { inputs } = await plugin.client.checkConfig({
        iamToken: '{"token":"t1.a.b"}',
        impersonate: "{}",
      });
      expect(inputs).to.deep.equal({ iamToken: secret('{"token":"t1.a.b"}'), impersonate: "{}" });
    });

    it("takes nothing out of the environment into what is saved", async () => {
      const { json } = await newKey();
      const env = { YC_SERVICE_ACCOUNT_KEY_FILE: json, YCIAM_TIMEOUT: "9s", YC_IAM_TOKEN: "t1.env.env" };
      const { client } = await serve(env);
      expect(await client.checkConfig({})).to.deep.equal({ inputs: {}, failures: [] });
      await client.configure({});
      const { state } = await client.create({});
      expect(JSON.stringify(state)).not.to.contain("PRIVATE KEY").and.not.contain("9s");
    });

    it("leaves unknown values for later, and checks the rest", async () => {
      const news = { serviceAccountKey: { json: unknown }, iamToken: unknown, retries: "many" };
      const { inputs, failures } = await plugin.client.checkConfig(news);
      expect(failures.map(({ property }) => property)).to.deep.equal(["retries"]);
      expect(inputs).to.deep.equal({
        ...news,
        serviceAccountKey: { json: secret(unknown) },
        iamToken: secret(unknown),
      });
    });

    // The engine prints the value of a property that failed, in clear: none is named whose value may be a secret.
    const mistakes: [object, string, RegExp][] = [
      [{ refreshAfter: "1 hour" }, "refreshAfter", /refreshAfter is not a duration/],
      [{ iamEndpoint: "http://example.com" }, "iamEndpoint", /must use https/],
      [{ serviceAccountKey: '{"file":""}' }, "serviceAccountKey.file", /serviceAccountKey.file is empty/],
      [
        { serviceAccountKey: { path: "x" } },
        "serviceAccountKey.path",
        /there is no option serviceAccountKey.path/,
      ],
      [{ oauthToken: "y0_planted" }, "", /^oauthToken must be an object/],
      [{ iamTokn: { token: "t1.planted" } }, "", /^there is no option iamTokn/],
      [{ resolvers: "serviceAccountKey" }, "resolvers", /resolvers must be a list/],
      [{ resolvers: '["vault"]' }, "resolvers", /^resolvers names "vault", which is none of: iamToken, /],
    ];
    for (const [news, property, reason] of mistakes) {
      it(`names ${property === "" ? "no property, but the option," : property} for ${JSON.stringify(news)}`, async () => {
        const { failures } = await plugin.client.checkConfig({ ...news });
        expect(failures).to.have.length(1);
        expect(failures[0]?.property).to.equal(property);
        expect(failures[0]?.reason).to.match(reason).and.not.contain("planted");
      });
    }

    it("tells of a variable that is wrong", async () => {
      const { client } = await serve({ YCIAM_RETRIES: "many" });
      const { failures } = await client.checkConfig({});
      expect(failures).to.deep.equal([
        { property: "retries", reason: "YCIAM_RETRIES must be a whole number from 0 to 20." },
      ]);
    });
  });

  describe("compared", () => {
    it("shows a changed credential, and replaces nothing", async () => {
      const diff = await plugin.client.diffConfig(
        { iamToken: { token: "a" }, timeout: "5s", retries: "1" },
        { iamToken: { token: "b" }, timeout: "5s", cache: "none" },
      );
      expect(diff).to.deep.equal({
        changes: true,
        replaces: [],
        names: ["iamToken", "retries", "cache"],
        detail: { iamToken: "UPDATE!", retries: "DELETE!", cache: "ADD!" },
      });
    });

    it("shows nothing when nothing changed", async () => {
      const inputs = { serviceAccountKey: { file: "a", json: null } };
      const diff = await plugin.client.diffConfig(inputs, { serviceAccountKey: { file: "a" } });
      expect(diff).to.deep.equal({ changes: false, replaces: [], names: [], detail: {} });
    });

    it("shows what is not known yet as a change", async () => {
      const diff = await plugin.client.diffConfig({ timeout: "5s" }, { timeout: unknown });
      expect(diff.detail).to.deep.equal({ timeout: "UPDATE!" });
    });
  });

  describe("used", () => {
    for (const [form, make] of Object.entries({
      "an object": (json: string) => ({ serviceAccountKey: { json: secret(json) } }),
      "the JSON of one": (json: string) => ({ serviceAccountKey: secret(JSON.stringify({ json })) }),
      "the JSON of one with a secret in it": (json: string) => ({
        serviceAccountKey: JSON.stringify({ json: secret(json) }),
      }),
    })) {
      it(`gives calls without arguments its credential, from ${form}`, async () => {
        const { id, json } = await newKey();
        await plugin.client.configure({ ...make(json), retries: "0", resolvers: '["serviceAccountKey"]' });
        const { result } = await plugin.client.invoke("getIamTokenInfo");
        expect(result.subjectId).to.equal(id);
      });
    }

    it("takes the keys of a Python dictionary, which the SDK leaves in snake_case", async () => {
      const { id, json } = await newKey();
      const other = emulator.addServiceAccount();
      emulator.grantTokenCreator(id, other.id);
      await plugin.client.configure({
        serviceAccountKey: { json: secret(json) },
        impersonate: JSON.stringify({ service_account_id: other.id }),
      });
      expect((await plugin.client.invoke("getIamTokenInfo")).result.subjectId).to.equal(other.id);
      const args = { impersonate: { service_account_id: id } };
      emulator.grantTokenCreator(id, id);
      expect((await plugin.client.invoke("getIamTokenInfo", args)).result.subjectId).to.equal(id);
      const { failures } = await plugin.client.checkConfig({ impersonate: { service_account: "x" } });
      expect(failures[0]?.property).to.equal("impersonate.service_account");
    });

    it("holds one identity for each provider", async () => {
      const keys = await Promise.all([newKey(), newKey(), newKey()]);
      const subjects = keys.map(async ({ json }) => {
        const { client } = await serve();
        await client.configure({ serviceAccountKey: { json: secret(json) } });
        return (await client.invoke("getIamTokenInfo")).result.subjectId;
      });
      expect(await Promise.all(subjects)).to.deep.equal(keys.map(({ id }) => id));
    });

    it("gives way, credential and impersonation together, to a call that names a credential", async () => {
      const [provider, call] = [await newKey(), await newKey()];
      const other = emulator.addServiceAccount();
      emulator.grantTokenCreator(provider.id, other.id);
      await plugin.client.configure({
        serviceAccountKey: { json: secret(provider.json) },
        impersonate: { serviceAccountId: other.id },
        cache: "none",
      });
      const subject = async (args: object) =>
        (await plugin.client.invoke("getIamTokenInfo", { ...args })).result.subjectId;
      expect(await subject({})).to.equal(other.id);
      expect(await subject({ timeout: "20s" })).to.equal(other.id);
      expect(await subject({ serviceAccountKey: { json: call.json } })).to.equal(call.id);
    });

    it("is impersonated when the call says so", async () => {
      const { id, json } = await newKey();
      const other = emulator.addServiceAccount();
      emulator.grantTokenCreator(id, other.id);
      await plugin.client.configure({ serviceAccountKey: { json: secret(json) } });
      const args = { impersonate: { serviceAccountId: other.id } };
      const { result } = await plugin.client.invoke("getIamToken", args);
      expect(result.subjectId).to.equal(other.id);
      expect(opened(result.token)).to.equal(emulator.issuedTokens.at(-1)?.token);
    });
  });

  describe("saved with a token that has died", () => {
    const dead = { iamToken: { token: secret("t1.dead.dead"), expiresAt: DEAD } };

    it("warns at once, and names --run-program", async () => {
      await plugin.client.configure(dead);
      const [warning] = plugin.context.logs.filter(({ level }) => level === "warn");
      expect(warning?.message).to.contain(DEAD).and.contain("--run-program").and.not.contain("t1.dead");
    });

    it("refuses what needs it, and names --run-program", async () => {
      await plugin.client.configure(dead);
      for (const work of [plugin.client.invoke("getIamToken"), plugin.client.create({})]) {
        const { code, details } = await refusal(work);
        expect(code).to.equal(status.UNAUTHENTICATED);
        expect(details).to.match(/has expired[\s\S]+pulumi destroy --run-program/);
      }
    });

    it("says so for a token too near its end, too", async () => {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      await plugin.client.configure({ iamToken: { token: secret("t1.old.old"), expiresAt } });
      const { details } = await refusal(plugin.client.invoke("getIamToken"));
      expect(details).to.match(/minRemainingValidity[\s\S]+--run-program/);
    });

    it("says nothing of it when the call brought a token of its own", async () => {
      await plugin.client.configure(dead);
      const args = { iamToken: { token: "t1.own.own", expiresAt: DEAD } };
      const { details } = await refusal(plugin.client.invoke("getIamToken", args));
      expect(details).to.contain("has expired").and.not.contain("--run-program");
    });

    it("says nothing of it when another credential is used", async () => {
      const { id, json } = await newKey();
      await plugin.client.configure(dead);
      const { result } = await plugin.client.invoke("getIamTokenInfo", { serviceAccountKey: { json } });
      expect(result.subjectId).to.equal(id);
    });
  });
});
