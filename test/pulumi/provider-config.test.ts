import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { emulatorForAll } from "../resolvers/support";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { secret, unknown } from "./support/wire";

const DEAD = "2020-01-01T00:00:00Z";

describe("the provider's configuration", () => {
  const emulator = emulatorForAll();
  let plugin: Served;
  const served: Served[] = [];

  const serve = async (env: Record<string, string> = {}): Promise<Served> => {
    const own = {
      YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint,
      YCIAM_AUTH_ENDPOINT: emulator.current.authEndpoint,
    };
    const one = await servePlugin({ env: { ...own, ...env } });
    served.push(one);
    return one;
  };
  beforeEach(async () => (plugin = await serve()));
  afterEach(() => Promise.all(served.splice(0).map(({ close }) => close())));

  const newKey = async () => {
    const { id } = emulator.current.addServiceAccount();
    return { id, json: JSON.stringify(await emulator.current.createKey({ serviceAccountId: id })) };
  };
  const subject = async (args: Wire = {}) =>
    (await plugin.client.invoke("getIamTokenInfo", args)).result.subjectId;
  /** A key, and another account whose tokens its own account may make. */
  const impersonation = async () => {
    const [own, other] = [await newKey(), emulator.current.addServiceAccount()];
    emulator.current.grantTokenCreator(own.id, other.id);
    return { own, other, key: { serviceAccountKey: { json: secret(own.json) } } };
  };

  describe("checked", () => {
    it("comes back as it was, but for marks on what may be secret: of a group, of its JSON, of what is unknown", async () => {
      const news = {
        serviceAccountKey: { file: "f" },
        iamToken: '{"token":"t1.a.b"}',
        functionContext: unknown,
      };
      const plain = { timeout: "5s", version: "0.1.0", impersonate: "{}" };
      const marked = { serviceAccountKey: { file: secret("f") }, iamToken: secret(news.iamToken) };
      expect(await plugin.client.checkConfig({ ...news, ...plain })).to.deep.equal({
        inputs: { ...marked, functionContext: secret(unknown), ...plain },
        failures: [],
      });
    });

    it("takes nothing out of the environment into what is saved", async () => {
      const { json } = await newKey();
      const { client } = await serve({ YC_SERVICE_ACCOUNT_KEY_FILE: json, YCIAM_TIMEOUT: "9876ms" });
      expect(await client.checkConfig({})).to.deep.equal({ inputs: {}, failures: [] });
      await client.configure({});
      const { state } = await client.create({});
      expect(JSON.stringify(state)).not.to.contain("PRIVATE KEY").and.not.contain("9876ms");
    });

    // The engine prints the value of a property that failed, in clear: none is named whose value may be a secret.
    const mistakes: [Wire, string, RegExp][] = [
      [{ refreshAfter: "1 hour" }, "refreshAfter", /^refreshAfter is not a duration/],
      [{ refreshAfter: secret("planted") }, "", /^refreshAfter is not a duration/],
      [{ minRemainingValidity: "99h", resolvers: [unknown] }, "minRemainingValidity", /is 12h or more/],
      [{ serviceAccountKey: { json: unknown }, retries: "many" }, "retries", /must be a whole number/],
      [{ resolvers: "serviceAccountKey" }, "resolvers", /^resolvers must be a list/],
      [{ impersonate: { service_account: "x" } }, "impersonate.service_account", /^there is no option/],
      [{ serviceAccountKey: { path: "planted" } }, "serviceAccountKey.path", /^there is no option/],
      [{ serviceAccountKey: { json: secret("planted") } }, "serviceAccountKey.json", /is not JSON/],
      [{ serviceAccountKey: { json: '{"id":"x"}' } }, "serviceAccountKey.json", /`private_key` is missing/],
      [{ serviceAccountKey: secret({ json: "[]" }) }, "serviceAccountKey.json", /must be a JSON object/],
      [{ oauthToken: "y0_planted" }, "", /^oauthToken must be an object/],
      [{ iamTokn: { token: "t1.planted" } }, "", /^there is no option iamTokn/],
    ];
    for (const [news, property, reason] of mistakes) {
      it(`names ${property === "" ? "no property, but the option," : property} for ${JSON.stringify(news)}`, async () => {
        for (const { failures } of [await plugin.client.checkConfig(news), await plugin.client.check(news)]) {
          expect(failures.map((failure) => failure.property)).to.deep.equal([property]);
          expect(failures[0]?.reason).to.match(reason).and.not.contain("planted");
        }
      });
    }
  });

  it("compared, shows a changed credential and what is not known yet, no null, and replaces nothing", async () => {
    const olds = {
      iamToken: { token: "a" },
      timeout: "5s",
      retries: "1",
      ycCli: { path: "p", profile: null },
    };
    const news = { iamToken: { token: "b" }, timeout: unknown, cache: "none", ycCli: { path: "p" } };
    const { detail, replaces } = await plugin.client.diffConfig(olds, news);
    const changes = { iamToken: "UPDATE!", timeout: "UPDATE!", retries: "DELETE!", cache: "ADD!" };
    expect([detail, replaces]).to.deep.equal([changes, []]);
  });

  describe("used", () => {
    const forms: Readonly<Record<string, (json: string) => unknown>> = {
      "an object": (json) => ({ json: secret(json) }),
      "the JSON of one": (json) => secret(JSON.stringify({ json })),
      "the JSON of one with a secret in it": (json) => JSON.stringify({ json: secret(json) }),
    };
    for (const [form, make] of Object.entries(forms)) {
      it(`gives calls without arguments its credential, from ${form}`, async () => {
        const { id, json } = await newKey();
        const others = { retries: "0", resolvers: '["serviceAccountKey"]' };
        await plugin.client.configure({ serviceAccountKey: make(json), ...others });
        expect(await subject()).to.equal(id);
      });
    }

    it("takes the keys of a Python dictionary, which the SDK leaves in snake_case", async () => {
      const { own, other, key } = await impersonation();
      emulator.current.grantTokenCreator(own.id, own.id);
      const impersonate = JSON.stringify({ service_account_id: other.id });
      await plugin.client.configure({ ...key, impersonate });
      expect(await subject()).to.equal(other.id);
      expect(await subject({ impersonate: { service_account_id: own.id } })).to.equal(own.id);
    });

    it("gives way, credential and impersonation together, to a call that names a credential", async () => {
      const { other, key } = await impersonation();
      const call = await newKey();
      const impersonate = { serviceAccountId: other.id };
      await plugin.client.configure({ ...key, impersonate, cache: "none" });
      expect(await subject()).to.equal(other.id);
      expect(await subject({ timeout: "20s" })).to.equal(other.id);
      expect(await subject({ serviceAccountKey: { json: call.json } })).to.equal(call.id);
    });
  });

  describe("saved with a token that has died", () => {
    const context = JSON.stringify({ access_token: "t1.dead.dead", expires_in: 0, token_type: "Bearer" });
    const tokens: readonly [string, Wire][] = [
      ["iamToken", { token: secret("t1.dead.dead"), expiresAt: DEAD }],
      ["workloadIdentity", { token: secret("a.b.c"), serviceAccountId: "aje0123456789abcdefg" }],
      ["functionContext", { token: secret(context) }],
    ];
    for (const [name, group] of tokens) {
      it(`refuses what needs ${name}.token, and names --run-program unless it came with the call`, async () => {
        await plugin.client.configure({ [name]: group });
        for (const work of [plugin.client.invoke("getIamToken"), plugin.client.create({})]) {
          const { details } = await refusal(work);
          expect(details).to.match(new RegExp(`own configuration, ${name}, [^]+destroy --run-program`));
          expect(details).not.to.contain("t1.dead");
        }
        await plugin.client.configure({ iamToken: { token: secret("t1.a.b"), expiresAt: DEAD } });
        const { details } = await refusal(plugin.client.invoke("getIamToken", { [name]: group }));
        expect(details).not.to.contain("--run-program");
      });
    }

    it("warns at once, and is not needed by a call that brings another credential", async () => {
      const { id, json } = await newKey();
      await plugin.client.configure({ iamToken: { token: secret("t1.dead.dead"), expiresAt: DEAD } });
      const [warning] = plugin.context.logs.filter(({ level }) => level === "warn");
      expect(warning?.message).to.contain(DEAD).and.contain("--run-program").and.not.contain("t1.dead");
      expect(await subject({ serviceAccountKey: { json } })).to.equal(id);
    });

    it("says so for a token too near its end, too", async () => {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      await plugin.client.configure({ iamToken: { token: secret("t1.old.old"), expiresAt } });
      const { details } = await refusal(plugin.client.invoke("getIamToken"));
      expect(details).to.match(/minRemainingValidity[^]+--run-program/);
    });
  });

  it("is one in a process: a second provider with other options is refused until the next run", async () => {
    const configure = (name: string, token: string) =>
      plugin.client.configure({ iamToken: { token } }, `urn:pulumi:test::project::yciam::${name}`);
    await configure("one", "t1.one.one");
    const { result: before } = await plugin.client.invoke("getIamTokenInfo");
    const { code, details } = await refusal(configure("two", "t1.two.two"));
    expect(code).to.equal(status.FAILED_PRECONDITION);
    expect(details).to.contain("one process serves one provider").and.not.contain("t1.");
    const { result: after } = await plugin.client.invoke("getIamTokenInfo");
    expect(after.fingerprint).to.equal(before.fingerprint);
    await configure("two", "t1.one.one");
    await configure("two", "t1.two.two");
    await plugin.client.call("cancel", new Empty());
    await configure("one", "t1.one.one");
  });
});
