import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { createHandlers, type Properties } from "../../provider/dynamic/handlers";
import { groups, outputs, SECRET_OUTPUTS, settings } from "../../provider/rows";
import { emulatorForAll } from "../resolvers/support";
import { testContext, type TestContext } from "../support/context";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { opened, secret, unknown } from "./support/wire";

const HOUR = 3_600_000;

/** The resource as one of the two hosts serves it. */
type Host = Pick<Served["client"], "create" | "update" | "delete"> & {
  check(news: Wire): Promise<{ failures: readonly { reason: string }[] }>;
  diff(inputs: { olds: Wire; news: Wire }, state: Wire): Promise<{ changes: boolean }>;
  refresh(inputs: Wire, state: Wire): Promise<Wire>;
  warnings(): readonly string[];
};
type Machine = Parameters<typeof testContext>[0];

async function plugin(machine: Machine, closed: (() => void)[]): Promise<Host> {
  const { client, close, context } = await servePlugin(machine);
  closed.push(() => void close());
  await client.configure();
  return Object.assign(client, {
    refresh: async (inputs: Wire, state: Wire) => (await client.read("id", state, inputs)).state,
    warnings: () => warningsOf(context),
  });
}

const warningsOf = ({ logs }: TestContext) =>
  logs.flatMap(({ level, message }) => (level === "warn" ? message : []));

async function dynamic(machine: Machine): Promise<Host> {
  const context = testContext(machine);
  const handlers = createHandlers(() => context);
  // The dynamic provider knows the old inputs from the state alone.
  const kept = (olds: Wire, state: Wire) => ({ ...olds, ...state, __provider: "old code" });
  const fresh = (news: Wire) => ({ ...news, __provider: "new code" });
  const own = (outs: Properties, inputs: Wire) => {
    expect(outs).to.include(inputs);
    return Object.fromEntries(Object.entries(outs).filter(([name]) => name in outputs));
  };
  return {
    check: (news) => handlers.check(fresh(news)),
    create: async (inputs) => {
      const { id, outs } = await handlers.create(fresh(inputs));
      return { id, state: own(outs, inputs) };
    },
    diff: ({ olds, news }, state) => handlers.diff("id", kept(olds, state), fresh(news)),
    update: async ({ olds, news }, state) =>
      own((await handlers.update("id", kept(olds, state), fresh(news))).outs, news),
    refresh: async (inputs, state) => own((await handlers.read("id", kept(inputs, state))).props, inputs),
    warnings: () => warningsOf(context),
    delete: async () => handlers.remove() as never,
  };
}

/** A token in a state: sealed, or open where the host knows of no marks. */
const tokenOf = ({ token }: Wire) => (typeof token === "string" ? token : opened(token));

describe("the resource", () => {
  const emulator = emulatorForAll({ now: () => now });
  let now = Date.now();
  let key: string;
  let subjectId: string;
  const closed: (() => void)[] = [];

  beforeEach(async () => {
    now = Date.now();
    subjectId = emulator.current.addServiceAccount().id;
    key = JSON.stringify(await emulator.current.createKey({ serviceAccountId: subjectId }));
  });
  afterEach(() => closed.splice(0).forEach((close) => close()));

  const inputs = (more: Wire = {}): Wire => ({ serviceAccountKey: { json: key }, ...more });
  const machine = (env: Record<string, string> = {}): Machine => ({
    env: { YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint, ...env },
    now: () => now,
  });

  for (const make of [plugin, dynamic]) {
    describe(`of the ${make.name} host`, () => {
      let host: Host;
      const start = (env?: Record<string, string>): Promise<Host> => make(machine(env), closed);
      beforeEach(async () => (host = await start()));
      const changes = async (olds: Wire, news: Wire, state: Wire, by = host) =>
        (await by.diff({ olds, news }, state)).changes;
      const reasons = async (news: Wire) => (await host.check(news)).failures.map(({ reason }) => reason);

      it("keeps the token and all that is told of it, under the one id, and nothing of the credential", async () => {
        const { id, state } = await host.create(inputs());
        expect(id).to.equal("iam-token");
        expect(state).to.have.all.keys(Object.keys(outputs));
        expect(tokenOf(state)).to.equal(emulator.current.issuedTokens.at(-1)?.token);
        expect(state.subjectId).to.equal(subjectId);
      });

      it("is renewed in place once less than an hour is left of its token, and not before", async () => {
        const { state } = await host.create(inputs());
        now += 10 * HOUR;
        expect(await changes(inputs(), inputs(), state)).to.equal(false);
        now += 1.5 * HOUR;
        expect(await changes(inputs(), inputs(), state)).to.equal(true);
        const renewed = await host.update({ olds: inputs(), news: inputs() }, state);
        expect(tokenOf(renewed)).not.to.equal(tokenOf(state));
        expect(await changes(inputs(), inputs(), renewed)).to.equal(false);
      });

      it("is renewed by a refresh as by an update, and left as it is, with a warning, where that fails", async () => {
        const { state } = await host.create(inputs());
        now += 10 * HOUR;
        expect(await host.refresh(inputs(), state)).to.deep.equal(state);
        now += 3 * HOUR;
        const found = await host.refresh(inputs(), state);
        expect(tokenOf(found)).to.equal(emulator.current.issuedTokens.at(-1)?.token);
        expect(await changes(inputs(), inputs(), found)).to.equal(false);
        expect(host.warnings()).to.deep.equal([]);
        now += 13 * HOUR;
        emulator.current.deleteServiceAccount(subjectId);
        expect(await host.refresh(inputs(), found)).to.deep.equal(found);
        expect(host.warnings().join("\n")).to.contain(String(found.expiresAt)).and.contain("pulumi up");
      });

      it("asks for an hour of life, or what its own inputs say", async () => {
        emulator.current.faults.inject({ shortLifeMs: HOUR - 60_000, times: 2 });
        const refused = await host.create(inputs({ cache: "none" })).then(String, String);
        expect(refused).to.contain("1h");
        const patient = inputs({ cache: "none", minRemainingValidity: "30m" });
        const { state } = await host.create(patient);
        now += 28 * 60_000;
        expect(await changes(patient, patient, state)).to.equal(false);
        now += 2 * 60_000;
        expect(await changes(patient, patient, state)).to.equal(true);
      });

      it("is the same whatever variables say, and as long as nobody knows when its token dies", async () => {
        const { state } = await host.create(inputs());
        const env = { YCIAM_MIN_REMAINING_VALIDITY: "11h30m", YC_SERVICE_ACCOUNT_KEY_FILE: "/another/key" };
        now += 10 * HOUR;
        expect(await changes(inputs(), inputs(), state, await start(env))).to.equal(false);
        const ready = { iamToken: { token: "t1.ready.ready" } };
        const { state: endless } = await host.create(ready);
        now += 100 * HOUR;
        expect(await changes(ready, ready, endless)).to.equal(false);
      });

      it("changes with its inputs and with what is not known of them, not with nulls or their order", async () => {
        const { state } = await host.create(inputs());
        const olds = inputs({ timeout: "5s", instanceMetadata: { address: "a" } });
        const same = { instanceMetadata: { address: "a" }, retries: null, timeout: "5s", ...inputs() };
        expect(await changes(olds, same, state)).to.equal(false);
        const unlike = [inputs(), { ...olds, retries: 1 }, { ...olds, serviceAccountKey: { json: unknown } }];
        for (const news of unlike)
          expect(await changes(olds, news, state), JSON.stringify(news)).to.equal(true);
      });

      it("is refused for a mistake beside what is unknown, and passes with that alone", async () => {
        for (const json of [unknown, { id: "a", private_key: unknown }]) {
          const later = { serviceAccountKey: { json }, audience: unknown, resolvers: [unknown] };
          expect(await reasons(later)).to.deep.equal([]);
          const [reason, ...others] = await reasons({ ...later, iamToken: "t1.planted.token" });
          expect(reason).to.match(/^iamToken must be an object/);
          expect(others).to.deep.equal([]);
        }
      });

      it("R1, R2: leaves its token alive when it is deleted, whatever an older state asks for", async () => {
        const { state } = await host.create(inputs());
        const older = inputs({ revokeOnDelete: true });
        await host.delete(older, state);
        await host.delete(older, state);
        expect(emulator.current.counts.revoke).to.equal(0);
        expect(await reasons(older)).to.have.length(1);
      });
    });
  }

  describe("of the plugin host alone", () => {
    let served: Served;
    beforeEach(async () => {
      served = await servePlugin(machine());
      closed.push(() => void served.close());
      await served.client.configure();
    });

    it("has its secrets sealed in the state, which is all that can be read of it", async () => {
      const { state } = await served.client.create(inputs());
      for (const name of SECRET_OUTPUTS) expect(opened(state[name]), name).to.be.a("string");
      const read = await served.client.read("id", state, inputs());
      expect(read).to.deep.equal({ id: "id", state, inputs: inputs() });
    });

    it("is unknown in a preview, its secrets unknown secrets, and nobody is asked", async () => {
      const later = Object.keys(outputs).map((name) => [
        name,
        outputs[name]?.secret ? secret(unknown) : unknown,
      ]);
      const pending = Object.fromEntries(later) as Wire;
      const pair = { olds: inputs(), news: inputs() };
      expect(await served.client.create(inputs(), true)).to.deep.equal({ id: "", state: pending });
      expect(await served.client.update(pair, {}, true)).to.deep.equal(pending);
      expect(emulator.current.requests).to.deep.equal([]);
    });

    it("tells what changes, in detail for inputs, is never replaced, and goes by its provider too", async () => {
      const { state } = await served.client.create(inputs());
      const olds = inputs({ timeout: "5s" });
      const news = inputs({ serviceAccountKey: { json: unknown }, retries: 1 });
      const { detail } = await served.client.diff({ olds, news }, state);
      expect(detail).to.deep.equal({ serviceAccountKey: "UPDATE!", timeout: "DELETE!", retries: "ADD!" });
      now += 10 * HOUR;
      expect((await served.client.diff({ olds, news: olds }, state)).changes).to.equal(false);
      await served.client.configure({ minRemainingValidity: "4h" });
      // The engine would show an output that changes as one that goes.
      const renewed = await served.client.diff({ olds, news: olds }, state);
      expect(renewed).to.deep.equal({ changes: true, replaces: [], names: SECRET_OUTPUTS, detail: {} });
    });

    it("cannot be imported, and says why", async () => {
      for (const work of [served.client.read("aje1"), served.client.read("aje1", {}, {})]) {
        const { code, details } = await refusal(work);
        expect(code).to.equal(status.INVALID_ARGUMENT);
        expect(details).to.contain("cannot be imported").and.contain("iamToken");
      }
    });

    it("is the only one", async () => {
      const urn = "urn:pulumi:test::project::parent$yciam:index:Other::name";
      for (const work of [served.client.check({}, urn), served.client.create({}, false, urn)])
        expect(await refusal(work)).to.deep.equal({
          code: status.INVALID_ARGUMENT,
          details: "there is no resource yciam:index:Other",
        });
    });
  });

  it("has no output with the name of an input: the dynamic host keeps them side by side", () => {
    const options = [...Object.keys(settings), ...groups.map(({ name }) => name)];
    expect(Object.keys(outputs).filter((name) => options.includes(name))).to.deep.equal([]);
  });
});
