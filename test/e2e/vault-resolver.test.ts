import { expect } from "chai";
import { join } from "node:path";
import { startWorld, type World } from "../contract/resolver-world";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";

const EXAMPLE = join(__dirname, "../../examples/vault-resolver");

describe("the example of a Vault resolver", function () {
  this.timeout(120_000);
  let world: World;
  let project: PulumiProject;
  before(async () => {
    world = await startWorld();
    const env = {
      YCIAM_IAM_ENDPOINT: world.emulator.iamEndpoint,
      YC_METADATA_ADDR: "127.0.0.1:1",
      VAULT_ADDR: world.vault.url,
      VAULT_TOKEN: world.vault.token,
      YC_SERVICE_ACCOUNT_KEY_FILE: join(world.folder, "key.json"),
    };
    project = await PulumiProject.create({ copyFrom: EXAMPLE, env });
  });
  after(async () => {
    project.cleanup();
    await world.close();
  });

  it("lets the next resolver answer where no secret in Vault is named", async () => {
    ok(await project.up());
    expect(await project.stackOutput()).to.include({ resolver: "serviceAccountKey" });
  });

  it("buys a token with a key that only Vault has, and leaves neither anywhere", async () => {
    const up = ok(await project.up({ env: { YCIAM_VAULT_PATH: "yandex/deployer" } }));
    expect(await project.stackOutput()).to.include({ token: "[secret]", resolver: "vault" });
    const { token } = await project.stackOutput({ showSecrets: true });
    expect(token).to.equal(world.emulator.issuedTokens.at(-1)?.token);
    const left = [...project.readState().values(), up.stdout, up.stderr].join("\n");
    expect(left).not.to.include(token);
    expect(left).not.to.include(world.vault.token);
    expect(left).not.to.match(/PRIVATE KEY/);
  });

  it("stops where Vault refuses, though the next resolver would answer", async () => {
    const VAULT_TOKEN = "hvs.a-token-that-vault-does-not-know";
    const up = await project.up({ env: { YCIAM_VAULT_PATH: "yandex/deployer", VAULT_TOKEN } });
    expect(up.code).not.to.equal(0);
    expect(up.stdout + up.stderr)
      .to.match(/HTTP 403.*The Vault token is not valid, or no policy of it lets it read/s)
      .and.not.include(VAULT_TOKEN);
  });
});
