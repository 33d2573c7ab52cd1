import { expect } from "chai";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam, type YciamClient } from "../support/yciam-client";

const MINUTE = 60_000;

describe("terraform ephemeral yciam_token", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    cloud = await startCloud(scratch.path("cloud"));
  });
  afterEach(() => cloud.emulator.close());

  async function configured(env: Record<string, string> = {}): Promise<YciamClient> {
    const yciam = await start({ env: { ...cloud.env, ...env }, now: () => now });
    expect(await yciam.configure()).to.deep.equal([]);
    return yciam;
  }

  const lastIssued = () => cloud.emulator.issuedTokens.at(-1);

  it("opens with a token that IAM issued, and gives its own configuration back", async () => {
    const yciam = await configured();
    const { values, said } = await yciam.open({ min_remaining_validity: "20m" });
    expect(said).to.deep.equal([]);
    expect(values).to.include({ min_remaining_validity: "20m", refresh_after: null, revoke_on_close: null });
    expect(values["token"]).to.equal(lastIssued()?.token);
    expect(values["authorization_header"]).to.equal(`Bearer ${lastIssued()?.token}`);
    expect(values).to.include({ resolver: "serviceAccountKey", subject_id: cloud.serviceAccountId });
    expect(values["expires_at"]).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("never hands out a token that lives shorter than asked, and says how long it lives", async () => {
    cloud.emulator.tokenLifetimeMs = 15 * MINUTE;
    const yciam = await configured();
    const { values, said } = await yciam.open({ min_remaining_validity: "1h" });
    expect(values).to.deep.equal({});
    expect(said[0]).to.include({ severity: "error", summary: "Token Lives Too Short" });
    expect(said[0]?.detail).to.match(/lives only 1[45]m( \d+s)? more; min_remaining_validity asks for 1h/);
    expect((await yciam.open({ min_remaining_validity: "10m" })).said).to.deep.equal([]);
  });

  it("reports a wrong override on its attribute, before and at opening", async () => {
    const yciam = await configured();
    const wrong = { refresh_after: "soon" };
    expect((await yciam.validateToken(wrong))[0]).to.include({ path: "refresh_after" });
    expect((await yciam.open(wrong)).said[0]).to.include({
      path: "refresh_after",
      summary: "Invalid Option",
    });
    expect((await yciam.validateToken({ impersonate: { service_account_id: "" } }))[0]).to.include({
      path: "impersonate.service_account_id",
    });
  });

  it("shares one exchange between tokens that are opened at once", async () => {
    const yciam = await configured();
    const opened = await Promise.all([yciam.open(), yciam.open(), yciam.open()]);
    expect(new Set(opened.map(({ values }) => values["token"])).size).to.equal(1);
    expect(cloud.emulator.counts.exchanges).to.equal(1);
  });

  it("keeps the provider's impersonation where an override of it is null", async () => {
    const { id } = cloud.emulator.addServiceAccount();
    cloud.emulator.grantTokenCreator(cloud.serviceAccountId, id);
    const yciam = await configured({ YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID: id });
    expect((await yciam.open({ impersonate: { service_account_id: null } })).values).to.include({
      subject_id: id,
    });
    const explicit = await start({ env: cloud.env, now: () => now });
    expect(await explicit.configure({ impersonate: { service_account_id: id } })).to.deep.equal([]);
    expect((await explicit.open({ impersonate: { service_account_id: null } })).values).to.include({
      subject_id: id,
    });
  });

  it("hands out another account's token where it is to be impersonated", async () => {
    const { id } = cloud.emulator.addServiceAccount();
    cloud.emulator.grantTokenCreator(cloud.serviceAccountId, id);
    const yciam = await configured();
    await yciam.open({ impersonate: { service_account_id: id } });
    expect(lastIssued()?.subjectId).to.equal(id);
  });

  describe("renewal", () => {
    it("warns before the token dies and when it has, in the log and to the user, and never fails", async () => {
      // The clock stands still here and not at the emulator: a whole 12 hours would end later than a token can live.
      cloud.emulator.tokenLifetimeMs = 60 * MINUTE;
      const yciam = await configured();
      const { renewAt, private: id, values } = await yciam.open();
      const end = Date.parse(values["expires_at"] as string);
      expect(renewAt?.getTime()).to.equal(end - 10 * MINUTE);
      now = renewAt?.getTime() ?? 0;
      const first = await yciam.renew(id);
      expect(first.said[0]).to.include({ severity: "warning", summary: "IAM Token Will Die Soon" });
      expect(first.said[0]?.detail).to.contain("in 10m");
      expect(first.renewAt?.getTime()).to.equal(end);
      expect(first.private).to.deep.equal(id);
      now = end;
      const last = await yciam.renew(id);
      expect(last.said[0]).to.include({ severity: "warning", summary: "IAM Token Has Died" });
      expect(last.renewAt).to.equal(undefined);
      const warned = yciam.lines.filter((line) => line.includes('"@level":"warn"'));
      expect(warned).to.have.length(2);
      expect(warned[0]).to.contain("10m").and.contain(values["fingerprint"]);
    });

    it("still warns after Ctrl-C: what is under way may work with the token for long", async () => {
      const yciam = await configured();
      const { private: id } = await yciam.open();
      await yciam.interrupt();
      expect((await yciam.renew(id)).said[0]).to.include({ severity: "warning" });
    });

    it("is not asked for where no life is promised", async () => {
      const yciam = await start();
      await yciam.configure({ iam_token: { token: "t1.handed.in" } });
      const opened = await yciam.open();
      expect(opened.values["expires_at"]).to.equal(null);
      expect(opened.renewAt).to.equal(undefined);
      expect(await yciam.renew(opened.private)).to.deep.include({ said: [] });
    });

    it("makes nothing of a lease it does not know", async () => {
      const yciam = await configured();
      expect(await yciam.renew()).to.deep.include({ said: [] });
      expect(await yciam.renew(Buffer.from("another"))).to.deep.include({ said: [] });
    });
  });

  describe("closing", () => {
    it("leaves the token alive", async () => {
      const yciam = await configured();
      expect(await yciam.close((await yciam.open()).private)).to.deep.equal([]);
      await yciam.endLeases();
      expect(lastIssued()?.revoked).to.equal(false);
    });

    it("revokes the token with revoke_on_close", async () => {
      const yciam = await configured();
      expect(await yciam.close((await yciam.open({ revoke_on_close: true })).private)).to.deep.equal([]);
      expect(lastIssued()?.revoked).to.equal(true);
    });

    it("leaves a token alive that is not this run's own, and says so", async () => {
      const token = (await (await configured()).open()).values["token"] as string;
      const ready = await configured({ YC_IAM_TOKEN: token });
      const opened = await ready.open({ revoke_on_close: true });
      expect(opened.values).to.include({ token, resolver: "iamToken" });
      expect(opened.said[0]).to.include({ severity: "warning", summary: "Token Is Not Revoked" });
      expect(await ready.close(opened.private)).to.deep.equal([]);
      const machine = await configured({
        YCIAM_RESOLVERS: "instanceMetadata",
        YC_METADATA_ADDR: cloud.emulator.metadataAddress,
      });
      const shared = await machine.open({ revoke_on_close: true });
      expect(shared.values).to.include({ resolver: "instanceMetadata" });
      expect(await machine.close(shared.private)).to.deep.equal([]);
      expect(cloud.emulator.counts.revoke).to.equal(0);
    });

    it("takes a token that IAM knows no more for revoked, as where two configurations hold one", async () => {
      cloud.emulator.reuseWhileMs = 0;
      const [one, two] = [await configured(), await configured()];
      const [first, second] = [
        await one.open({ revoke_on_close: true }),
        await two.open({ revoke_on_close: true }),
      ];
      expect(first.values["token"]).to.equal(second.values["token"]);
      expect(await one.close(first.private)).to.deep.equal([]);
      expect(await two.close(second.private)).to.deep.equal([]);
      const gone = (yciam: YciamClient) =>
        yciam.lines.filter((line) => line.includes("IAM knew a token no more"));
      expect(gone(one)).to.deep.equal([]);
      expect(gone(two)).to.have.length(1);
      expect(gone(two)[0]).to.contain(second.values["fingerprint"]).and.contain('"@level":"debug"');
      expect(lastIssued()?.revoked).to.equal(true);
    });

    it("gets a token of its own where it will be revoked, and leaves nothing of it in the cache", async () => {
      cloud.emulator.reuseWhileMs = Infinity;
      const yciam = await configured();
      const shared = (await yciam.open()).values["token"];
      const opened = await yciam.open({ revoke_on_close: true });
      expect(opened.values["token"]).not.to.equal(shared);
      await yciam.close(opened.private);
      expect((await yciam.open()).values["token"]).to.equal(shared);
      expect(cloud.emulator.issuedTokens.map(({ revoked }) => revoked)).to.deep.equal([false, true]);
    });

    it("drops a revoked token from the cache, where IAM gave the same one to both", async () => {
      const yciam = await configured();
      const shared = await yciam.open();
      const opened = await yciam.open({ revoke_on_close: true });
      expect(opened.values["token"]).to.equal(shared.values["token"]);
      await yciam.close(shared.private);
      await yciam.close(opened.private);
      expect((await yciam.open()).values["token"]).not.to.equal(shared.values["token"]);
    });

    it("says when IAM does not revoke it, and tries again at the end of the process", async () => {
      const yciam = await configured({ YCIAM_RETRIES: "0" });
      const { private: id } = await yciam.open({ revoke_on_close: true });
      cloud.emulator.faults.inject({ route: "revoke", status: 503 });
      expect((await yciam.close(id))[0]).to.include({ severity: "error", summary: "Service Cannot Be Used" });
      expect(lastIssued()?.revoked).to.equal(false);
      await yciam.endLeases();
      expect(lastIssued()?.revoked).to.equal(true);
    });

    it("revokes at the end of the process what a host never closed, as after Ctrl-C", async () => {
      const yciam = await configured();
      await yciam.open({ revoke_on_close: true });
      await yciam.interrupt();
      await yciam.endLeases();
      expect(lastIssued()?.revoked).to.equal(true);
    });
  });

  describe("the end of the process", () => {
    const logged = (yciam: YciamClient, level: string) =>
      yciam.lines.filter((line) => line.includes(`"@level":"${level}"`));

    it("gives up a revocation that hangs, and logs which token lives on until when, and not the token", async () => {
      const yciam = await configured();
      const { values } = await yciam.open({ revoke_on_close: true });
      cloud.emulator.faults.inject({ route: "revoke", delayMs: 60_000, times: Infinity });
      await yciam.endLeases(100);
      expect(lastIssued()?.revoked).to.equal(false);
      const [line, ...more] = logged(yciam, "error");
      expect(more).to.deep.equal([]);
      expect(line)
        .to.contain(values["fingerprint"])
        .and.contain(`it lives until ${values["expires_at"] as string}`);
      expect(yciam.lines.join()).not.to.contain(values["token"]);
    });

    it("waits for a token that is still being bought, and revokes it", async () => {
      const yciam = await configured();
      cloud.emulator.faults.inject({ route: "tokens", delayMs: 300 });
      const opening = yciam.open({ revoke_on_close: true });
      while (cloud.emulator.requests.length === 0) await new Promise(setImmediate);
      await yciam.endLeases();
      expect(lastIssued()?.revoked).to.equal(true);
      await opening;
    });
  });

  it("ends a slow exchange when the run is interrupted", async () => {
    const yciam = await configured();
    cloud.emulator.faults.inject({ route: "tokens", delayMs: 30_000 });
    const opening = yciam.open();
    while (cloud.emulator.requests.length === 0) await new Promise(setImmediate);
    await yciam.interrupt();
    expect((await opening).said[0]).to.include({ summary: "Interrupted" });
  });

  it("shows what the app warns of to the user: the end of OAuth tokens", async () => {
    const { token } = cloud.emulator.addOauthToken();
    const yciam = await start({ env: { YCIAM_IAM_ENDPOINT: cloud.emulator.iamEndpoint } });
    await yciam.configure({ oauth_token: { token } });
    const { said, values } = await yciam.open();
    expect(values["resolver"]).to.equal("oauthToken");
    expect(said).to.have.length(1);
    expect(said[0]).to.include({ severity: "warning" });
    expect(said[0]?.detail).to.match(/^OAuth tokens of Yandex accounts .*service_account_key/);
  });
});
