import { expect } from "chai";
import { UNKNOWN } from "../../../provider/terraform/cty/value";
import { type Cloud, startCloud } from "../support/cloud";
import { useScratch } from "../support/scratch";
import { useYciam } from "../support/yciam-client";

const ACCOUNT_VARIABLE = "YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID";

describe("terraform provider yciam", () => {
  const scratch = useScratch();
  const start = useYciam();
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud(scratch.path("cloud"));
  });
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud.emulator.close());

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
      expect(said).to.include({ summary: "Invalid Option", path: "min_remaining_validity" });
      expect(said?.detail)
        .to.match(/^min_remaining_validity is not a duration/)
        .and.not.contain("oops");
      expect((await check({ iam_token: { token: "" } }))[0]).to.include({ path: "iam_token.token" });
      expect((await check({ retries: 1.5 }))[0]).to.include({ path: "retries" });
      const [unknown] = await check({ resolvers: ["iam_token", "vault"] });
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

  it("takes no other identity where all in a block is null, and says which attribute to set", async () => {
    const missing = {
      service_account_key: { json: null },
      workload_identity: { service_account_id: null },
      function_context: { token: null },
      oauth_token: { token: null },
      command: { argv: null },
    };
    for (const [block, values] of Object.entries(missing)) {
      const yciam = await start({ env: { YC_IAM_TOKEN: "t1.another.identity" } });
      expect(await yciam.validate({ [block]: values })).to.deep.equal([]);
      expect(await yciam.configure({ [block]: values })).to.deep.equal([]);
      const { said, values: opened } = await yciam.open();
      expect(opened, block).to.deep.equal({});
      expect(said[0]).to.include({ severity: "error", summary: "No Credential Found" });
      expect(said[0]?.detail)
        .to.match(/^The resolver asked for has no credential:\n/)
        .and.contain(`${block}.${Object.keys(values)[0]}`);
    }
  });

  it("lets the environment stand in for what is null in a block, with the same resolver", async () => {
    const yciam = await start({ env: { ...cloud.env, YC_IAM_TOKEN: "t1.another.identity" } });
    await yciam.configure({ service_account_key: { file: null, json: null } });
    expect((await yciam.open()).values).to.include({
      resolver: "serviceAccountKey",
      subject_id: cloud.serviceAccountId,
    });
  });

  describe("that impersonates", () => {
    const EMPTY = { impersonate: { service_account_id: null } };

    function target(): string {
      const { id } = cloud.emulator.addServiceAccount();
      cloud.emulator.grantTokenCreator(cloud.serviceAccountId, id);
      return id;
    }

    it("nobody, refuses to hand out the caller's own token, and says what is missing", async () => {
      const yciam = await start({ env: cloud.env });
      expect(await yciam.validate(EMPTY)).to.deep.equal([]);
      const [said] = await yciam.configure(EMPTY);
      expect(said).to.include({ severity: "error", path: "impersonate.service_account_id" });
      expect(said?.detail).to.contain(`${ACCOUNT_VARIABLE} is not set. Write the account's id`);
      expect(await yciam.configure()).to.deep.equal([]);
      for (const { values, said } of [await yciam.open(EMPTY), await yciam.read("yciam_token", EMPTY)]) {
        expect(values).to.deep.equal({});
        expect(said[0]).to.include({ path: "impersonate.service_account_id" });
      }
      expect(cloud.emulator.requests).to.deep.equal([]);
    });

    it("takes the account of the environment where an empty block asks for one", async () => {
      const id = target();
      const yciam = await start({ env: { ...cloud.env, [ACCOUNT_VARIABLE]: id } });
      expect(await yciam.configure(EMPTY)).to.deep.equal([]);
      expect((await yciam.open()).values).to.include({ subject_id: id });
    });

    it("takes a token's own account before the provider's, and the provider's where that is null", async () => {
      const [own, other] = [target(), target()];
      const yciam = await start({ env: cloud.env });
      await yciam.configure({ impersonate: { service_account_id: own } });
      const impersonate = { service_account_id: other };
      expect((await yciam.read("yciam_token_info", { impersonate })).values).to.include({
        subject_id: other,
      });
      expect((await yciam.open(EMPTY)).values).to.include({ subject_id: own });
    });
  });
});
