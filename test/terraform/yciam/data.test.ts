import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { findCanaries } from "../../support/canary";
import { openStore } from "../../support/stores";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam, type Yciam } from "../support/yciam-client";

describe("terraform data sources", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud(scratch.path("cloud"));
  });
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud.emulator.close());

  async function configured(env: Record<string, string> = cloud.env): Promise<Yciam> {
    const yciam = await start({ env });
    await yciam.configure();
    return yciam;
  }

  it("yciam_token has the token, and an id that is no hash of it", async () => {
    const { values, said } = await (await configured()).read("yciam_token");
    expect(said).to.deep.equal([]);
    expect(values["id"]).to.equal("yciam_token");
    expect(values["token"]).to.equal(cloud.emulator.issuedTokens.at(-1)?.token);
  });

  it("yciam_token is the same in every read while the token is young", async () => {
    const yciam = await configured();
    const first = await yciam.read("yciam_token", { timeout: "20s" });
    expect(await yciam.read("yciam_token", { timeout: "20s" })).to.deep.equal(first);
    expect(cloud.emulator.counts.exchanges).to.equal(1);
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

  it("yciam_token_info has all the same but the token", async () => {
    const yciam = await configured();
    const { token, authorization_header, id, ...rest } = (await yciam.read("yciam_token")).values;
    expect([token, authorization_header, id]).to.not.include(undefined);
    expect((await yciam.read("yciam_token_info")).values).to.deep.equal(rest);
  });

  it("hides the secrets, and nothing else", async () => {
    const { dataSourceSchemas, ephemeralResourceSchemas } = await (await start()).schemas();
    const hidden = (schema: (typeof dataSourceSchemas & object)[string] | undefined) =>
      schema?.block?.attributes?.filter(({ sensitive }) => sensitive).map(({ name }) => name);
    expect(hidden(dataSourceSchemas?.["yciam_token"])).to.deep.equal(["token", "authorization_header"]);
    expect(hidden(ephemeralResourceSchemas?.["yciam_token"])).to.deep.equal([
      "token",
      "authorization_header",
    ]);
    expect(hidden(dataSourceSchemas?.["yciam_token_info"])).to.deep.equal([]);
    expect(hidden(dataSourceSchemas?.["yciam_resolvers"])).to.deep.equal([]);
  });

  it("says first of the data source that it is in the state, and points to the ephemeral one", async () => {
    const { dataSourceSchemas } = await (await start()).schemas();
    expect(dataSourceSchemas?.["yciam_token"]?.block?.description).to.match(
      /^A .* token that \*\*is kept in the state .* ephemeral resource `yciam_token`/,
    );
  });

  describe("yciam_resolvers", () => {
    it("says how each resolver fares and asks for no token", async () => {
      const { values } = await (await configured()).read("yciam_resolvers");
      expect(values).to.include({ chosen: "serviceAccountKey", verified: false, verify: null });
      const rows = values["resolvers"] as Record<string, string | null>[];
      expect(rows[0]).to.include({ resolver: "iamToken", outcome: "unavailable" });
      expect(rows[0]?.["remedy"]).to.equal("set iam_token.token or YC_IAM_TOKEN");
      expect(rows[1]).to.deep.equal({
        resolver: "serviceAccountKey",
        outcome: "used",
        reason: null,
        remedy: null,
      });
      expect(rows.at(-1)).to.include({ outcome: "notTried" });
      expect(cloud.emulator.requests).to.deep.equal([]);
    });

    it("asks for one with verify", async () => {
      const { values } = await (await configured()).read("yciam_resolvers", { verify: true });
      expect(values).to.include({ verified: true, verify: true });
      expect(cloud.emulator.counts.exchanges).to.equal(1);
    });

    it("is the same in every read", async () => {
      const yciam = await configured();
      expect(await yciam.read("yciam_resolvers")).to.deep.equal(await yciam.read("yciam_resolvers"));
    });

    it("tells of a broken credential, and of none, without failing", async () => {
      const broken = await configured({ ...cloud.env, YC_SERVICE_ACCOUNT_KEY_FILE: "/nonexistent" });
      const { values, said } = await broken.read("yciam_resolvers");
      expect(said).to.deep.equal([]);
      const rows = values["resolvers"] as Record<string, string>[];
      expect(rows[1]).to.include({ outcome: "failed" });
      expect(rows[1]?.["reason"]).to.contain("YC_SERVICE_ACCOUNT_KEY_FILE");
      expect((await (await configured({})).read("yciam_resolvers")).values["chosen"]).to.equal(null);
    });
  });

  describe("failures", () => {
    it("list every resolver when none has a credential, in Terraform's spelling", async () => {
      const { said } = await (await configured({})).read("yciam_token");
      expect(said[0]).to.include({ severity: "error", summary: "No Credential Found", path: "" });
      const lines = said[0]?.detail.split("\n") ?? [];
      expect(lines).to.have.length(9);
      expect(lines[2]).to.equal(
        "  serviceAccountKey: no authorised key is given. To use it: set service_account_key.file, service_account_key.json or YC_SERVICE_ACCOUNT_KEY_FILE.",
      );
    });

    it("stop at a credential that is refused, and say what IAM said", async () => {
      const stranger = await cloud.emulator.createKey();
      cloud.emulator.deleteKey(stranger.id);
      const yciam = await start({ env: cloud.env });
      await yciam.configure({ service_account_key: { json: JSON.stringify(stranger) } });
      const { said } = await yciam.read("yciam_token");
      expect(said[0]).to.include({ summary: "Credential Cannot Be Used", path: "" });
      expect(said[0]?.detail).to.contain("service_account_key.json");
      const canaries = [{ name: "key", value: stranger.private_key }];
      const traces = [{ where: "diagnostic", text: said[0]?.detail ?? "" }];
      expect(findCanaries(canaries, traces)).to.deep.equal([]);
    });
  });

  it("logs no secret", async () => {
    const yciam = await configured();
    await yciam.read("yciam_token");
    await yciam.open();
    const canaries = [
      { name: "key", value: cloud.key.private_key },
      ...cloud.emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token })),
    ];
    expect(yciam.lines).not.to.deep.equal([]);
    expect(findCanaries(canaries, [{ where: "log", text: yciam.lines.join() }])).to.deep.equal([]);
  });
});
