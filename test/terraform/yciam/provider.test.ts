import { expect } from "chai";
import { fingerprint } from "../../../provider/core/token/token";
import { Secret } from "../../../provider/core/words/secret";
import { UNKNOWN } from "../../../provider/terraform/cty/value";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam } from "../support/yciam-client";

describe("terraform provider yciam", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud(scratch.path("cloud"));
  });
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud.emulator.close());

  it("offers a token in three forms and the resolvers, the ephemeral one among them", async () => {
    const { dataSourceSchemas, ephemeralResourceSchemas } = await (await start()).schemas();
    expect(dataSourceSchemas).to.have.keys("yciam_token", "yciam_token_info", "yciam_resolvers");
    expect(ephemeralResourceSchemas).to.have.keys("yciam_token");
  });

  it("asks nobody for anything before a token is wanted, whatever it is configured with", async () => {
    const yciam = await start({ env: cloud.env });
    await yciam.schemas();
    expect(await yciam.validate({ service_account_key: { file: "/nonexistent" } })).to.deep.equal([]);
    expect(await yciam.validateEphemeral({ min_remaining_validity: "20m" })).to.deep.equal([]);
    expect(await yciam.configure({ service_account_key: { file: "/nonexistent" } })).to.deep.equal([]);
    expect(cloud.emulator.requests).to.deep.equal([]);
  });

  it("says at once which option is wrong, on its attribute, and does not echo it", async () => {
    const yciam = await start();
    for (const check of [yciam.validate.bind(yciam), yciam.configure.bind(yciam)]) {
      const [said] = await check({ min_remaining_validity: "t1.oops" });
      expect(said).to.include({
        severity: "error",
        summary: "Invalid Option",
        path: "min_remaining_validity",
      });
      expect(said?.detail)
        .to.match(/^min_remaining_validity is not a duration/)
        .and.not.contain("oops");
      expect((await check({ iam_token: { token: "" } }))[0]).to.include({ path: "iam_token.token" });
      expect((await check({ retries: 1.5 }))[0]).to.include({ path: "retries" });
      expect((await check({ resolvers: [] }))[0]).to.include({ path: "resolvers" });
      const [unknown] = await check({ resolvers: ["iam_token", "vault"] });
      expect(unknown).to.include({ path: "resolvers" });
      expect(unknown?.detail).to.match(/^resolvers names "vault", which is none of: iamToken, /);
    }
  });

  it("takes a name that only a module knows, where one is named in the environment", async () => {
    const yciam = await start({ env: { YCIAM_RESOLVER_MODULES: "./vault" } });
    expect(await yciam.validate({ resolvers: ["vault"] })).to.deep.equal([]);
  });

  it("checks what is known while other values are not, and leaves variables for later", async () => {
    const yciam = await start({ env: { YCIAM_TIMEOUT: "soon" } });
    expect(await yciam.validate({ service_account_key: { json: UNKNOWN } })).to.deep.equal([]);
    expect(await yciam.validate({ iam_endpoint: UNKNOWN, timeout: "0s" })).to.have.length(1);
    expect((await yciam.configure())[0]?.detail).to.match(/^YCIAM_TIMEOUT is not a duration/);
  });

  it("refuses to be configured with what is not known yet, and says why", async () => {
    const yciam = await start({ env: cloud.env });
    const [said] = await yciam.configure({ service_account_key: { json: UNKNOWN } });
    expect(said).to.include({ summary: "Unknown Configuration Value", path: "service_account_key.json" });
    expect(said?.detail).to.contain("would be kept with a wrong answer");
  });

  it("takes its own attributes before the variables", async () => {
    const other = await cloud.emulator.createKey();
    const yciam = await start({ env: cloud.env });
    await yciam.configure({ service_account_key: { json: JSON.stringify(other) } });
    const { values } = await yciam.read("yciam_token_info");
    expect(values["subject_id"]).to.equal(other.service_account_id);
  });

  it("takes no other identity where all in a group is null, and says which attribute to set", async () => {
    const missing = {
      service_account_key: { json: null },
      workload_identity: { service_account_id: null },
      function_context: { token: null },
      oauth_token: { token: null },
      command: { argv: null },
    };
    for (const [group, values] of Object.entries(missing)) {
      const yciam = await start({ env: { YC_IAM_TOKEN: "t1.another.identity" } });
      expect(await yciam.validate({ [group]: values })).to.deep.equal([]);
      expect(await yciam.configure({ [group]: values })).to.deep.equal([]);
      const { said, values: opened } = await yciam.open();
      expect(opened, group).to.deep.equal({});
      expect(said[0]).to.include({ severity: "error", summary: "No Credential Found" });
      expect(said[0]?.detail).to.match(/^The resolver asked for has no credential:\n/);
      expect(said[0]?.detail).to.contain(`${group}.${Object.keys(values)[0]}`);
    }
  });

  it("lets the environment stand in for what is null in a group, with the same resolver", async () => {
    const yciam = await start({ env: { ...cloud.env, YC_IAM_TOKEN: "t1.another.identity" } });
    await yciam.configure({
      service_account_key: { file: null, json: null },
      impersonate: { service_account_id: null },
    });
    expect((await yciam.open()).values).to.include({
      resolver: "serviceAccountKey",
      subject_id: cloud.serviceAccountId,
    });
  });

  it("takes the names of resolvers in Terraform's spelling and in everybody's", async () => {
    for (const name of ["service_account_key", "serviceAccountKey"]) {
      const yciam = await start({ env: cloud.env });
      await yciam.configure({ resolvers: [name] });
      const { values } = await yciam.read("yciam_token_info");
      expect(values["resolver"]).to.equal("serviceAccountKey");
    }
  });

  it("keeps two identities apart, as two processes or two configurations hold them", async () => {
    const keys = [await cloud.emulator.createKey(), await cloud.emulator.createKey()];
    const seen = await Promise.all(
      keys.map(async (key) => {
        const yciam = await start();
        await yciam.configure({
          iam_endpoint: cloud.emulator.iamEndpoint,
          service_account_key: { json: JSON.stringify(key) },
        });
        return (await yciam.open()).values["token"] as string;
      }),
    );
    const subjects = seen.map(
      (token) => cloud.emulator.issuedTokens.find((issued) => issued.token === token)?.subjectId,
    );
    expect(subjects).to.deep.equal(keys.map((key) => key.service_account_id));
  });

  it("hands out a token that IAM issued for this account, and says whose it is", async () => {
    const yciam = await start({ env: cloud.env });
    await yciam.configure();
    const { values } = await yciam.read("yciam_token");
    const token = values["token"] as string;
    const issued = cloud.emulator.issuedTokens.find((each) => each.token === token);
    expect(issued?.subjectId).to.equal(cloud.serviceAccountId);
    expect(values).to.include({
      authorization_header: `Bearer ${token}`,
      fingerprint: fingerprint(new Secret(token)),
      subject_id: cloud.serviceAccountId,
    });
  });
});
