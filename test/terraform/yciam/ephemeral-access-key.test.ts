import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam } from "../support/yciam-client";

const NAME = "yciam_access_key";

describe("terraform ephemeral yciam_access_key", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    cloud = await startCloud(scratch.path("cloud"));
  });
  afterEach(() => cloud.emulator.close());

  async function configured() {
    const yciam = await start({ env: cloud.env, now: () => now });
    expect(await yciam.configure()).to.deep.equal([]);
    return yciam;
  }

  it("opens with a key that IAM issued as it was asked to, by the names of AWS's provider", async () => {
    const yciam = await configured();
    const asked = { duration: "2h", session_name: "deploy", policy: "{}" };
    const { values, said } = await yciam.open(asked, NAME);
    const { accessKeyId, secret, sessionToken, ...key } = cloud.emulator.issuedAccessKeys[0]!;
    expect(said).to.deep.equal([]);
    expect(key).to.include({ sessionName: "deploy", policy: "{}", subjectId: cloud.serviceAccountId });
    expect(values).to.include({ access_key: accessKeyId, secret_key: secret, session_token: sessionToken });
    expect(values).to.include({ ...asked, subject_id: null, timeout: null });
    expect(Date.parse(values["expires_at"] as string)).to.equal(key.expiresAt);
    expect(await yciam.close()).to.deep.equal([]);
  });

  it("can be made for the account that a block names", async () => {
    const { id } = cloud.emulator.addServiceAccount();
    cloud.emulator.grantTokenCreator(cloud.serviceAccountId, id);
    await (await configured()).open({ impersonate: { service_account_id: id } }, NAME);
    expect(cloud.emulator.issuedAccessKeys[0]?.subjectId).to.equal(id);
  });

  it("reports a mistake on its attribute, before and at opening", async () => {
    const yciam = await configured();
    const wrong = {
      duration: { duration: "5m" },
      session_name: { session_name: "a b" },
      timeout: { timeout: "x" },
    };
    for (const [path, values] of Object.entries(wrong)) {
      expect((await yciam.validateEphemeral(values, NAME))[0]).to.include({ path });
      expect((await yciam.open(values, NAME)).said[0]).to.include({ path, summary: "Invalid Option" });
    }
  });

  it("warns of a short key the one who asked for it, and no other who waits for another", async () => {
    const yciam = await configured();
    const { faults } = cloud.emulator;
    faults.inject({ route: "ephemeralAccessKeys", delayMs: 1000 });
    const other = yciam.open({ session_name: "other" }, NAME);
    while (!cloud.emulator.requests.some(({ path }) => path.includes("phemeral"))) await delay(5);
    faults.inject({ route: "ephemeralAccessKeys", shortLifeMs: 20 * 60_000 });
    const short = await yciam.open({ session_name: "short" }, NAME);
    expect(short.said[0]?.detail).to.match(/lives only 20m/);
    expect((await other).said).to.deep.equal([]);
  });

  it("warns before the key dies and when it has, and keeps no secret for that", async () => {
    const yciam = await configured();
    const { renewAt, private: bytes, values } = await yciam.open({}, NAME);
    const [id, secret, token] = ["access_key", "secret_key", "session_token"].map((name) => values[name]);
    expect(Buffer.from(bytes ?? []).toString())
      .to.contain(id)
      .and.not.contain(secret)
      .and.not.contain(token);
    now = renewAt?.getTime() ?? 0;
    const first = await yciam.renew(bytes, NAME);
    expect(first.said[0]).to.include({ severity: "warning", summary: "Access Key Will Die Soon" });
    now = first.renewAt?.getTime() ?? 0;
    const last = await yciam.renew(first.private, NAME);
    expect(last.said[0]).to.include({ severity: "warning", summary: "Access Key Has Died" });
  });
});
