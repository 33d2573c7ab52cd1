import { expect } from "chai";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam, type Yciam } from "../support/yciam-client";

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

  async function configured(env: Record<string, string> = {}): Promise<Yciam> {
    const yciam = await start({ env: { ...cloud.env, ...env }, now: () => now });
    expect(await yciam.configure()).to.deep.equal([]);
    return yciam;
  }

  const lastIssued = () => cloud.emulator.issuedTokens.at(-1);

  it("opens with a token that IAM issued, and gives its own configuration back", async () => {
    const yciam = await configured();
    const { values, said } = await yciam.open({ min_remaining_validity: "20m" });
    expect(said).to.deep.equal([]);
    expect(values).to.include({ min_remaining_validity: "20m", refresh_after: null });
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
    expect((await yciam.validateEphemeral(wrong))[0]).to.include({ path: "refresh_after" });
    expect((await yciam.open(wrong)).said[0]).to.include({
      path: "refresh_after",
      summary: "Invalid Option",
    });
    expect((await yciam.validateEphemeral({ impersonate: { service_account_id: "" } }))[0]).to.include({
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
      expect(Buffer.from(id ?? []).toString()).not.to.contain(values["token"]);
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
      expect(opened).not.to.have.any.keys("renewAt", "private");
    });

    it("says nothing without the bytes that opening gave", async () => {
      expect(await (await configured()).renew()).to.deep.equal({ said: [] });
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
