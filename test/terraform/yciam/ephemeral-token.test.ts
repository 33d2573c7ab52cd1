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

  async function configured(): Promise<Yciam> {
    const yciam = await start({ env: cloud.env, now: () => now });
    expect(await yciam.configure()).to.deep.equal([]);
    return yciam;
  }

  it("opens with a token that IAM issued, gives its own configuration back, and is closed in silence", async () => {
    const yciam = await configured();
    const { values, said } = await yciam.open({ min_remaining_validity: "20m" });
    const { token } = cloud.emulator.issuedTokens.at(-1) ?? {};
    expect(said).to.deep.equal([]);
    expect(values).to.include({ min_remaining_validity: "20m", refresh_after: null, impersonate: null });
    expect(values).to.include({ token, authorization_header: `Bearer ${token}` });
    expect(await yciam.close()).to.deep.equal([]);
    expect(cloud.emulator.counts.revoke).to.equal(0);
  });

  it("reports a wrong override on its attribute, before and at opening", async () => {
    const yciam = await configured();
    const wrong = { refresh_after: "soon" };
    expect((await yciam.validateEphemeral(wrong))[0]).to.include({ path: "refresh_after" });
    const path = "impersonate.service_account_id";
    expect((await yciam.open(wrong)).said[0]).to.include({
      path: "refresh_after",
      summary: "Invalid Option",
    });
    const empty = { impersonate: { service_account_id: "" } };
    expect((await yciam.validateEphemeral(empty))[0]).to.include({ path });
  });

  it("warns before the token dies and when it has, in the log and to the user, and never fails", async () => {
    // The clock stands still here and not at the emulator: a whole 12 hours would end later than a token can live.
    cloud.emulator.tokenLifetimeMs = 60 * MINUTE;
    const yciam = await configured();
    const { renewAt, private: bytes, values } = await yciam.open();
    const end = Date.parse(values["expires_at"] as string);
    expect(renewAt?.getTime()).to.equal(end - 10 * MINUTE);
    expect(Buffer.from(bytes ?? []).toString()).not.to.contain(values["token"]);
    now = renewAt?.getTime() ?? 0;
    const first = await yciam.renew(bytes);
    expect(first.said[0]).to.include({ severity: "warning", summary: "IAM Token Will Die Soon" });
    const dies = new Date(end).toISOString();
    expect(first.said[0]?.detail.startsWith(`It dies at ${dies}, in 10m. `)).to.equal(true);
    expect(first.said[0]?.detail).to.contain("cannot hand another one");
    expect(first.renewAt?.getTime()).to.equal(end);
    now = end;
    // An apply may go on for long after Ctrl-C.
    await yciam.interrupt();
    const last = await yciam.renew(first.private);
    expect(last.said[0]).to.include({ severity: "warning", summary: "IAM Token Has Died" });
    expect(last.said[0]?.detail.startsWith(`It died at ${dies}. `)).to.equal(true);
    expect(last.said[0]?.detail).to.match(/Run this again\.$/);
    expect(last.renewAt).to.equal(undefined);
    const warned = yciam.lines.filter((line) => line.includes('"@level":"warn"'));
    expect(warned).to.have.length(2);
    expect(warned[0]).to.contain("10m").and.contain(values["fingerprint"]);
  });

  it("is not renewed where no life is promised, nor without the bytes that opening gave", async () => {
    const yciam = await start();
    await yciam.configure({ iam_token: { token: "t1.handed.in" } });
    const opened = await yciam.open();
    expect(opened.values["expires_at"]).to.equal(null);
    expect(opened).not.to.have.any.keys("renewAt", "private");
    expect(await yciam.renew()).to.deep.equal({ said: [] });
  });
});
