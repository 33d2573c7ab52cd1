import { expect } from "chai";
import { status } from "@grpc/grpc-js";
import { type Emulator, startEmulator } from "../../emulator";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { opened, secret, unknown } from "./support/wire";

const HOUR = 3_600_000;

describe("the plugin's resource", () => {
  let emulator: Emulator;
  let plugin: Served;
  let now: number;
  let key: string;
  let subjectId: string;

  before(async () => (emulator = await startEmulator({ now: () => now })));
  after(() => emulator.close());

  beforeEach(async () => {
    now = Date.now();
    emulator.reset();
    subjectId = emulator.addServiceAccount().id;
    key = JSON.stringify(await emulator.createKey({ serviceAccountId: subjectId }));
    plugin = await servePlugin({ env: { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint }, now: () => now });
    await plugin.client.configure();
  });
  afterEach(() => plugin.close());

  const inputs = (more: Wire = {}): Wire => ({ serviceAccountKey: { json: secret(key) }, ...more });
  const unchanged = (of: Wire) => ({ olds: of, news: of });

  describe("checked", () => {
    it("keeps secrets as they are, and seals those that came bare", async () => {
      const { inputs: checked, failures } = await plugin.client.check({
        serviceAccountKey: secret({ json: key }),
        oauthToken: { token: "y0_bare" },
        minRemainingValidity: "2h",
        revokeOnDelete: true,
      });
      expect(failures).to.deep.equal([]);
      expect(checked).to.deep.equal({
        serviceAccountKey: secret({ json: key }),
        oauthToken: { token: secret("y0_bare") },
        minRemainingValidity: "2h",
        revokeOnDelete: true,
      });
    });

    it("leaves what is unknown in a preview, and finds a mistake beside it", async () => {
      const news = {
        serviceAccountKey: { json: unknown },
        resolvers: [unknown],
        minRemainingValidity: "99h",
      };
      const { inputs: checked, failures } = await plugin.client.check(news);
      expect(checked).to.deep.equal({ ...news, serviceAccountKey: { json: secret(unknown) } });
      expect(failures.map(({ property }) => property)).to.deep.equal(["minRemainingValidity"]);
    });

    it("reports a mistake in what concerns the resource alone", async () => {
      const { failures } = await plugin.client.check({ revokeOnDelete: "maybe" });
      expect(failures).to.deep.equal([
        { property: "revokeOnDelete", reason: "revokeOnDelete must be true or false." },
      ]);
    });

    it("names no property whose value may be a secret", async () => {
      const { failures } = await plugin.client.check({ iamToken: "t1.planted.token" });
      expect(failures[0]?.property).to.equal("");
      expect(failures[0]?.reason)
        .to.match(/^iamToken must be an object/)
        .and.not.contain("planted");
    });
  });

  describe("made", () => {
    it("keeps the token, as a secret, and nothing of the credential", async () => {
      const { id, state } = await plugin.client.create(inputs());
      expect(id).to.equal("iam-token");
      expect(state.subjectId).to.equal(subjectId);
      expect(opened(state.token)).to.equal(emulator.issuedTokens.at(-1)?.token);
      expect(opened(state.authorizationHeader)).to.equal(`Bearer ${String(opened(state.token))}`);
      expect(state).not.to.have.any.keys("serviceAccountKey", "minRemainingValidity");
      expect(state.resolver).to.equal("serviceAccountKey");
    });

    it("is shown as unknown by a preview, its secrets as unknown secrets, and asks for nothing", async () => {
      const { id, state } = await plugin.client.create({ serviceAccountKey: { json: unknown } }, true);
      expect(id).to.equal("");
      expect(state.token).to.deep.equal(secret(unknown));
      expect(state.expiresAt).to.equal(unknown);
      expect(emulator.requests).to.deep.equal([]);
    });

    it("asks for an hour of life by default, and for what it is told", async () => {
      emulator.faults.inject({ shortLifeMs: HOUR - 60_000, times: 2 });
      const { code, details } = await refusal(plugin.client.create(inputs({ cache: "none" })));
      expect(code).to.equal(status.FAILED_PRECONDITION);
      expect(details).to.contain("1h");
      const { state } = await plugin.client.create(inputs({ cache: "none", minRemainingValidity: "30m" }));
      expect(opened(state.token)).to.equal(emulator.issuedTokens.at(-1)?.token);
    });
  });

  describe("compared", () => {
    it("is the same while the token lives long enough, however long ago it was got", async () => {
      const { state } = await plugin.client.create(inputs());
      now += 10 * HOUR;
      const diff = await plugin.client.diff(unchanged(inputs()), state);
      expect(diff).to.deep.equal({ changes: false, replaces: [], names: [], detail: {} });
    });

    it("changes when less than an hour is left, and is not replaced", async () => {
      const { state } = await plugin.client.create(inputs());
      now += 11 * HOUR + 60_000;
      const diff = await plugin.client.diff(unchanged(inputs()), state);
      expect(diff.replaces).to.deep.equal([]);
      expect(diff.names).to.deep.equal(["token", "authorizationHeader", "expiresAt"]);
      // The engine would show an output that changes as one that goes.
      expect(diff.detail).to.deep.equal({});
    });

    it("goes by the life that is asked for, of the resource or of its provider", async () => {
      const { state } = await plugin.client.create(inputs());
      now += 10 * HOUR;
      const longer = inputs({ minRemainingValidity: "3h" });
      expect((await plugin.client.diff(unchanged(longer), state)).changes).to.equal(true);
      await plugin.client.configure({ minRemainingValidity: "4h" });
      expect((await plugin.client.diff(unchanged(inputs()), state)).changes).to.equal(true);
    });

    it("is the same whatever a variable of this machine says", async () => {
      const { state } = await plugin.client.create(inputs());
      const env = { YCIAM_MIN_REMAINING_VALIDITY: "11h30m" };
      const elsewhere = await servePlugin({ env, now: () => now });
      await elsewhere.client.configure();
      now += 10 * HOUR;
      expect((await elsewhere.client.diff(unchanged(inputs()), state)).changes).to.equal(false);
      elsewhere.close();
    });

    it("changes with its inputs, and with what is not known of them", async () => {
      const { state } = await plugin.client.create(inputs());
      const olds = inputs({ timeout: "5s" });
      const news = inputs({ serviceAccountKey: { json: unknown }, retries: 1 });
      const diff = await plugin.client.diff({ olds, news }, state);
      expect(diff.detail).to.deep.equal({
        serviceAccountKey: "UPDATE!",
        timeout: "DELETE!",
        retries: "ADD!",
      });
    });

    it("does not change for a mark of secrecy", async () => {
      const { state } = await plugin.client.create(inputs());
      const news = { serviceAccountKey: secret({ json: key }) };
      expect((await plugin.client.diff({ olds: inputs(), news }, state)).changes).to.equal(false);
    });

    it("stays as it is when nobody knows how long the token lives", async () => {
      const ready = { iamToken: { token: secret("t1.ready.ready") } };
      const { id, state } = await plugin.client.create(ready);
      expect(id).to.equal("iam-token");
      expect(state.expiresAt).to.equal(undefined);
      expect((await plugin.client.diff(unchanged(ready), state)).changes).to.equal(false);
    });
  });

  describe("updated", () => {
    it("gets a new token when the old one nears its end", async () => {
      const { state } = await plugin.client.create(inputs());
      now += 11 * HOUR + 60_000;
      const renewed = await plugin.client.update(unchanged(inputs()), state);
      expect(opened(renewed.token)).not.to.equal(opened(state.token));
      expect((await plugin.client.diff(unchanged(inputs()), renewed)).changes).to.equal(false);
    });

    it("is shown as unknown by a preview", async () => {
      const { state } = await plugin.client.create(inputs());
      const exchanges = emulator.counts.exchanges;
      const pending = await plugin.client.update(unchanged(inputs()), state, true);
      expect(pending.token).to.deep.equal(secret(unknown));
      expect(emulator.counts.exchanges).to.equal(exchanges);
    });
  });

  describe("read", () => {
    it("is what the state says, secrets still secret", async () => {
      const { id, state } = await plugin.client.create(inputs());
      const read = await plugin.client.read(id, state, inputs());
      expect(read).to.deep.equal({ id, state, inputs: inputs() });
    });

    it("refuses an import, and says why", async () => {
      for (const work of [plugin.client.read("aje1"), plugin.client.read("aje1", {}, {})]) {
        const { code, details } = await refusal(work);
        expect(code).to.equal(status.INVALID_ARGUMENT);
        expect(details).to.contain("cannot be imported").and.contain("iamToken");
      }
    });
  });

  describe("deleted", () => {
    it("leaves the token alive", async () => {
      const { state } = await plugin.client.create(inputs());
      await plugin.client.delete(inputs(), state);
      expect(emulator.counts.revoke).to.equal(0);
    });

    for (const revokeOnDelete of [true, "true"]) {
      it(`revokes it when told to by ${JSON.stringify(revokeOnDelete)}`, async () => {
        const { state } = await plugin.client.create(inputs());
        await plugin.client.delete(inputs({ revokeOnDelete }), state);
        expect(emulator.counts.revoke).to.equal(1);
      });
    }

    it("asks for nothing when the token is dead already", async () => {
      const { state } = await plugin.client.create(inputs());
      now += 13 * HOUR;
      await plugin.client.delete(inputs({ revokeOnDelete: true }), state);
      expect(emulator.counts.revoke).to.equal(0);
    });
  });

  it("is the only one", async () => {
    const urn = "urn:pulumi:test::project::parent$yciam:index:Other::name";
    for (const work of [plugin.client.check({}, urn), plugin.client.create({}, false, urn)]) {
      const { code, details } = await refusal(work);
      expect(code).to.equal(status.INVALID_ARGUMENT);
      expect(details).to.equal("there is no resource yciam:index:Other");
    }
  });
});
