import { expect } from "chai";
import { join } from "node:path";
import { startWorld, type World } from "../contract/resolver-world";
import { engineFolders } from "../support/engine-env";
import { withPulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";

const EXAMPLE = join(__dirname, "../../examples/vault-resolver");

describe("the example of a Vault resolver", function () {
  this.timeout(120_000);
  let world: World;
  before(async function () {
    this.timeout(20 * 60_000);
    await engineFolders("pulumi");
    world = await startWorld();
  });
  after(() => world.close());

  const cloud = () => ({
    YCIAM_IAM_ENDPOINT: world.emulator.iamEndpoint,
    YC_METADATA_ADDR: "127.0.0.1:1",
    VAULT_ADDR: world.vault.url,
    VAULT_TOKEN: world.vault.token,
  });

  it("buys a token with a key that only Vault has, and leaves neither anywhere", async () => {
    const env = { ...cloud(), YCIAM_VAULT_PATH: "yandex/deployer" };
    await withPulumiProject({ copyFrom: EXAMPLE, env }, async (project) => {
      const up = ok(await project.up());
      expect(await project.stackOutput()).to.include({ token: "[secret]", resolver: "vault" });
      const { token } = await project.stackOutput({ showSecrets: true });
      expect(token).to.equal(world.emulator.issuedTokens.at(-1)?.token);
      const left = [...project.readState().values(), up.stdout, up.stderr].join("\n");
      expect(left).not.to.include(token);
      expect(left).not.to.include(world.vault.token);
      expect(left).not.to.match(/PRIVATE KEY/);
    });
  });

  it("lets the next resolver answer where no secret in Vault is named", async () => {
    const env = { ...cloud(), YC_SERVICE_ACCOUNT_KEY_FILE: join(world.folder, "key.json") };
    await withPulumiProject({ copyFrom: EXAMPLE, env }, async (project) => {
      ok(await project.up());
      expect(await project.stackOutput()).to.include({ resolver: "serviceAccountKey" });
    });
  });

  it("stops where Vault refuses, though the next resolver would answer", async () => {
    const env = {
      ...cloud(),
      YCIAM_VAULT_PATH: "yandex/deployer",
      VAULT_TOKEN: "hvs.a-token-that-vault-does-not-know",
      YC_SERVICE_ACCOUNT_KEY_FILE: join(world.folder, "key.json"),
    };
    await withPulumiProject({ copyFrom: EXAMPLE, env }, async (project) => {
      const up = await project.up();
      expect(up.code).not.to.equal(0);
      expect(up.stdout + up.stderr)
        .to.match(/HTTP 403.*The Vault token is not valid, or no policy of it lets it read/s)
        .and.not.include(env.VAULT_TOKEN);
    });
  });
});
