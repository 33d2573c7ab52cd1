import { expect } from "chai";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { createApp, type TokenResult } from "../../provider/app";
import type { Http } from "../../provider/core/context";
import type { AppConfig } from "../../provider/core/chain/plan";
import { createHttp } from "../../provider/platform/http";
import { Session } from "../../provider/core/token/session";
import { openStore } from "../support/stores";
import { folderForEach } from "../support/folders";
import { startTrial, type Trial } from "./iam";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A host and a server, each with a clock of its own; `pass` lets time go by for both. */
class Clocks {
  host = Date.UTC(2026, 10, 24, 12);
  server = this.host;
  #monotonic = 0;

  readonly parts = { now: () => this.host, monotonic: () => this.#monotonic };

  pass(ms: number): void {
    this.host += ms;
    this.server += ms;
    this.#monotonic += ms;
  }

  /** The machine sleeps: its monotonic clock stands still. */
  sleep(ms: number): void {
    this.host += ms;
    this.server += ms;
  }
}

describe("faults: clocks", () => {
  const folder = folderForEach();
  let clocks: Clocks;
  let trial: Trial;
  const startAt = async (hostIsAheadMs: number) => {
    clocks = new Clocks();
    clocks.host += hostIsAheadMs;
    trial = await startTrial({ now: () => clocks.server }, clocks.parts);
  };
  afterEach(() => trial.close());

  const trueLife = ({ token }: TokenResult) => {
    const issued = trial.emulator.issuedTokens.find((known) => known.token === token.reveal());
    return (issued?.expiresAt ?? 0) - clocks.server;
  };

  /** Credentials whose service says how long a token lives, and not until when. */
  const relative: readonly [string, () => Promise<AppConfig>][] = [
    ["the metadata service", async () => ({ resolvers: ["instanceMetadata"] })],
    ["the token exchange", async () => ({ workloadIdentity: await federate() })],
  ];
  let issuer: OidcIssuer | undefined;
  afterEach(() => issuer?.close());
  const federate = async () => {
    issuer = await startOidcIssuer({ now: () => clocks.server });
    const serviceAccountId = trial.emulator.addServiceAccount().id;
    const { id: federationId } = trial.emulator.addFederation({
      issuer: issuer.issuer,
      audiences: ["yc"],
      jwks: issuer.jwks,
    });
    trial.emulator.addFederatedCredential({ federationId, subject: "job", serviceAccountId });
    return { serviceAccountId, token: await issuer.sign({ sub: "job", aud: "yc" }) };
  };
  for (const [who, configOf] of relative) {
    it(`count a token's life from when ${who} spoke of it, though the rest of the reply comes late`, async () => {
      await startAt(0);
      const config = { serviceAccountKey: undefined, authEndpoint: trial.emulator.authEndpoint };
      const more = await configOf();
      trial.emulator.faults.inject({ bodyDelayMs: 3000, times: Infinity });
      const { expiresAt = "" } = await trial.get({ ...config, ...more });
      const issued = trial.emulator.issuedTokens.at(-1)?.expiresAt ?? 0;
      expect(Date.parse(expiresAt) - issued).to.be.within(-10_000, 1500);
    });
  }

  it("L3: of a VM that boots, set right in the middle of a request, are as right as they are from then on", async () => {
    clocks = new Clocks();
    clocks.host -= 3 * HOUR;
    const real = createHttp({ userAgent: "yciam/test" });
    const http: Http = async (request) => {
      clocks.host = clocks.server;
      return real(request);
    };
    trial = await startTrial({ now: () => clocks.server }, { ...clocks.parts, http });
    const { issuedAt = "" } = await trial.get({
      serviceAccountKey: undefined,
      resolvers: ["instanceMetadata"],
    });
    expect(Date.parse(issuedAt)).to.be.closeTo(clocks.server, 3000);
    await trial.get();
    expect(trial.emulator.requests.at(-1)?.status).to.equal(200);
    expect(trial.context.logs.filter(({ level }) => level === "warn")).to.deep.equal([]);
  });

  it("of a machine that sleeps before its assertion arrives let it sign another one, once", async () => {
    clocks = new Clocks();
    const real = createHttp({ userAgent: "yciam/test" });
    const http: Http = (request) => {
      if (trial.emulator.requests.length === 0) clocks.sleep(2 * HOUR);
      return real(request);
    };
    trial = await startTrial({ now: () => clocks.server }, { ...clocks.parts, http });
    expect(trueLife(await trial.get())).to.be.above(11 * HOUR);
    expect(trial.emulator.requests.map(({ status }) => status)).to.deep.equal([401, 200]);
    expect(trial.context.logs.filter(({ level }) => level === "warn")).to.deep.equal([]);
  });

  for (const [title, aheadMs, said] of [
    ["5 minutes fast", 5 * MINUTE, "5m fast|4m 5\\ds fast"],
    ["24 hours fast", 24 * HOUR, "24h fast|23h 59m fast"],
    ["5 minutes slow", -5 * MINUTE, ""],
    ["24 hours slow", -24 * HOUR, "24h slow|23h 59m slow"],
  ] as const) {
    describe(`of a host that is ${title}`, () => {
      beforeEach(() => startAt(aheadMs));

      it("are put right by IAM's Date: one retry, then it works, and says once that the clock is wrong", async () => {
        const result = await trial.get();
        // A host that is slow by less than the assertion lives is believed at once.
        const refusals = aheadMs === -5 * MINUTE ? 0 : 1;
        expect(trial.emulator.requests.map(({ status }) => status)).to.deep.equal(
          refusals === 0 ? [200] : [401, 200],
        );
        const warnings = trial.context.logs.filter(({ level }) => level === "warn");
        expect(warnings).to.have.length(refusals);
        for (const { message } of warnings)
          expect(message).to.match(new RegExp(`^this host's clock is (${said}); going by IAM's$`));
        expect(Date.parse(result.expiresAt ?? "")).to.be.closeTo(clocks.server + 12 * HOUR, 3000);
      });

      it("do not matter for expiry, which is judged in the server's time", async () => {
        const config = { refreshAfter: "12h" };
        const first = await trial.get(config);
        clocks.pass(11 * HOUR);
        expect((await trial.get(config)).fingerprint).to.equal(first.fingerprint);
        clocks.pass(51 * MINUTE);
        const second = await trial.get(config);
        expect(second.fingerprint).not.to.equal(first.fingerprint);
        expect(trueLife(second)).to.be.above(11 * HOUR);
      });

      it("need no second retry in the same process", async () => {
        await trial.get();
        trial.emulator.reset();
        clocks.pass(2 * HOUR);
        await trial.get();
        expect(trial.emulator.requests.map(({ status }) => status)).to.deep.equal([200]);
      });
    });
  }

  it("that were wrong and are set right are believed again after one retry, and not spoken of", async () => {
    await startAt(-24 * HOUR);
    await trial.get();
    clocks.host += 24 * HOUR;
    clocks.pass(2 * HOUR);
    await trial.get({ minRemainingValidity: "11h" });
    expect(trial.emulator.requests.map(({ status }) => status)).to.deep.equal([401, 200, 401, 200]);
    expect(trial.context.logs.filter(({ level }) => level === "warn")).to.have.length(1);
  });

  it("that a token of another process was stored by may have been wrong: a dead one is not handed out", async () => {
    await startAt(-5 * MINUTE);
    const { store } = openStore(folder.path, { now: clocks.parts.now });
    const another = (config = {}) => {
      const context = { ...trial.context, session: new Session(), store };
      return createApp(
        { serviceAccountKey: { json: trial.key }, iamEndpoint: trial.emulator.iamEndpoint, ...config },
        context,
      ).getIamToken();
    };
    const config = { refreshAfter: "12h", minRemainingValidity: "2m" };
    const first = await another(config);
    clocks.pass(12 * HOUR - 3 * MINUTE);
    expect((await another(config)).fingerprint).to.equal(first.fingerprint);
    clocks.pass(2 * MINUTE);
    // By the host's own clock 6 minutes are left of it; in truth it is one.
    const second = await another(config);
    expect(second.fingerprint).not.to.equal(first.fingerprint);
    expect(trueLife(second)).to.be.above(11 * HOUR);
  });

  it("of a laptop that slept for hours hand out no dead token when it wakes", async () => {
    await startAt(0);
    const first = await trial.get();
    clocks.sleep(13 * HOUR);
    const second = await trial.get();
    expect(second.fingerprint).not.to.equal(first.fingerprint);
    expect(trueLife(second)).to.be.above(11 * HOUR);
  });

  it("that are set back by hours bring no dead token to life", async () => {
    await startAt(0);
    const config = { refreshAfter: "12h" };
    await trial.get(config);
    clocks.pass(11 * HOUR);
    clocks.host -= 10 * HOUR;
    clocks.pass(2 * HOUR);
    expect(trueLife(await trial.get(config))).to.be.above(11 * HOUR);
  });

  it("that jump ahead for a moment and back hand out no dead token of the metadata service either", async () => {
    await startAt(0);
    const config = { serviceAccountKey: undefined, resolvers: ["instanceMetadata"], refreshAfter: "12h" };
    clocks.host += 3 * HOUR;
    await trial.get(config);
    clocks.host -= 3 * HOUR;
    clocks.pass(11 * HOUR + 55 * MINUTE);
    expect(trueLife(await trial.get(config))).to.be.at.least(10 * MINUTE);
  });

  for (const aheadMs of [-4900, -3000, 3000, 4900]) {
    it(`that differ from IAM's by a few seconds work at once, and are not spoken of: ${aheadMs} ms`, async () => {
      await startAt(aheadMs);
      trial.emulator.iatToleranceMs = 0;
      await trial.get();
      expect(trial.context.logs.filter(({ level }) => level === "warn")).to.deep.equal([]);
      expect(trial.emulator.requests.map(({ status }) => status)).to.deep.equal([200]);
    });
  }

  it("do not help when IAM refuses for another reason: the refusal is passed on, after one attempt", async () => {
    await startAt(0);
    trial.emulator.deleteKey((JSON.parse(trial.key) as { id: string }).id);
    const error = await trial.failure();
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(trial.emulator.requests).to.have.length(1);
  });
});
