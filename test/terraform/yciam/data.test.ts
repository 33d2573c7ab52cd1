import { expect } from "chai";
import { renameSync, writeFileSync } from "node:fs";
import { openStore } from "../../support/stores";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam, type Yciam } from "../support/yciam-client";

describe("terraform data sources", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  let keyFile = "";
  before(async () => {
    cloud = await startCloud(scratch.path("cloud"));
    keyFile = cloud.env["YC_SERVICE_ACCOUNT_KEY_FILE"] ?? "";
  });
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud.emulator.close());

  async function configured(env: Record<string, string> = cloud.env): Promise<Yciam> {
    const yciam = await start({ env });
    await yciam.configure();
    return yciam;
  }

  it("yciam_token has the token, an id that is no hash of it, and its own configuration; yciam_token_info all but the token", async () => {
    const yciam = await configured();
    const { values, said } = await yciam.read("yciam_token", { timeout: "20s" });
    expect(said).to.deep.equal([]);
    expect(values).to.include({ id: "yciam_token", timeout: "20s", refresh_after: null, impersonate: null });
    expect(values["token"]).to.equal(cloud.emulator.issuedTokens.at(-1)?.token);
    const { token, authorization_header, id, ...rest } = values;
    expect([token, authorization_header, id]).to.not.include(undefined);
    expect((await yciam.read("yciam_token_info", { timeout: "20s" })).values).to.deep.equal(rest);
  });

  it("yciam_token tells once what is wrong with the cache, where its user sees it, and has the token", async () => {
    writeFileSync(scratch.path("file"), "");
    const yciam = await start({ env: cloud.env, store: openStore(scratch.path("file/tokens")).store });
    await yciam.configure();
    const { values, said } = await yciam.read("yciam_token");
    expect(values["token"]).to.equal(cloud.emulator.issuedTokens.at(-1)?.token);
    expect(said).to.have.length(1);
    expect(said[0]).to.include({ severity: "warning" });
    expect(said[0]?.detail).to.match(/^The token cache in .* is not used as it should be: ENOTDIR\./);
    expect((await yciam.read("yciam_token", { refresh_after: "0s" })).said).to.deep.equal([]);
  });

  it("yciam_token looks for the credential once for all who ask alike, and warns the one who asks when it has to", async () => {
    let now = Date.now();
    const yciam = await start({ env: cloud.env, now: () => now });
    await yciam.configure();
    const first = await yciam.read("yciam_token");
    renameSync(keyFile, `${keyFile}.away`);
    now += 2 * 60 * 60_000;
    cloud.emulator.faults.inject({ status: 401, times: Infinity });
    const [second, third] = [await yciam.read("yciam_token"), await yciam.read("yciam_token")];
    renameSync(`${keyFile}.away`, keyFile);
    expect([second.values["token"], third.values["token"]]).to.deep.equal(
      Array(2).fill(first.values["token"]),
    );
    expect([first.said, third.said]).to.deep.equal([[], []]);
    expect(second.said).to.have.length(1);
    expect(second.said[0]?.detail).to.match(/^Could not renew the IAM token; the old one is used/);
  });

  it("yciam_token has the token of its moment and its own configuration, whatever was asked before", async () => {
    const yciam = await start({ env: cloud.env, now: () => cloud.emulator.now() });
    await yciam.configure();
    const tokens = new Set<unknown>();
    for (const hours of [0, 2, 4]) {
      cloud.emulator.clockOffsetMs = hours * 60 * 60_000;
      for (const timeout of ["20s", "20s", "30s", "20s"]) {
        const { values } = await yciam.read("yciam_token", { timeout });
        expect(values).to.include({ timeout, token: cloud.emulator.issuedTokens.at(-1)?.token });
        tokens.add(values["token"]);
      }
    }
    expect(tokens.size).to.equal(3);
  });

  it("say each time what is wrong with a block that is asked about again", async () => {
    const yciam = await configured();
    const wrong: number[] = [];
    for (const timeout of ["x", "x", "20s", "20s", "x"])
      wrong.push((await yciam.validateData("yciam_token", { timeout })).length);
    expect(wrong).to.deep.equal([1, 1, 0, 0, 1]);
  });

  it("yciam_resolvers says how each resolver fares, the same in every read, and asks for no token but with verify", async () => {
    const yciam = await configured();
    const { values } = await yciam.read("yciam_resolvers");
    expect(values).to.include({ chosen: "serviceAccountKey", verified: false, verify: null });
    const rows = values["resolvers"] as Record<string, string | null>[];
    expect(rows[0]).to.include({ resolver: "iamToken", outcome: "unavailable" });
    expect(rows[0]?.["remedy"]).to.equal("set iam_token.token or YC_IAM_TOKEN");
    const used = { resolver: "serviceAccountKey", outcome: "used", reason: null, remedy: null };
    expect(rows[1]).to.deep.equal(used);
    expect(rows.at(-1)).to.include({ outcome: "notTried" });
    expect((await yciam.read("yciam_resolvers")).values).to.deep.equal(values);
    expect(cloud.emulator.requests).to.deep.equal([]);
    const verified = (await yciam.read("yciam_resolvers", { verify: true })).values;
    expect(verified).to.include({ verified: true, verify: true });
    expect(cloud.emulator.counts.exchanges).to.equal(1);
  });

  it("yciam_resolvers tells of a broken credential, and of none, without failing", async () => {
    const broken = await configured({ ...cloud.env, YC_SERVICE_ACCOUNT_KEY_FILE: "/nonexistent" });
    const { values, said } = await broken.read("yciam_resolvers");
    expect(said).to.deep.equal([]);
    const rows = values["resolvers"] as Record<string, string>[];
    expect(rows[1]).to.include({ outcome: "failed" });
    expect(rows[1]?.["reason"]).to.contain("YC_SERVICE_ACCOUNT_KEY_FILE");
    expect((await (await configured({})).read("yciam_resolvers")).values["chosen"]).to.equal(null);
  });
});
