import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { stringify } from "yaml";
import { withYandex } from "../e2e/support/yandex-project";
import { engineFolders } from "../support/engine-env";
import { followGuide } from "../support/guides";
import { buildAll } from "../terraform/support/built";
import { GuideWorld } from "./world";

const HOUR = 3_600_000;
const BLOCKS = 10;

describe("the guide to a saved token that has died", function () {
  this.timeout(20 * 60_000);
  let world: GuideWorld;
  let cli: string;
  before(async function () {
    const terraform = await engineFolders("terraform");
    const folders = terraform ?? (await engineFolders("tofu"));
    if (!folders || spawnSync("jq", ["--version"]).status !== 0) {
      process.stderr.write(
        "    jq, or both terraform and tofu, are not on this machine: the guide is not followed\n",
      );
      return this.skip();
    }
    cli = terraform ? "terraform" : "tofu";
    world = await GuideWorld.create([...folders, ...((await engineFolders("pulumi")) ?? [])]);
  });
  after(() => world?.close());

  it("is true from its first line to its last, when each step is taken 13 hours after the one before", async () => {
    const { emulator, reader } = world;
    world.write("key.json", JSON.stringify(await emulator.createKey()));
    const rc = `provider_installation {\n${(await buildAll()).overrides}\n}\n`;
    mkdirSync(`${world.home}/backend`);
    const env = {
      ...reader.env,
      PULUMI_BACKEND_URL: `file://${world.home}/backend`,
      PULUMI_CONFIG_PASSPHRASE: "a word",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_SKIP_CONFIRMATIONS: "true",
      TEST_CLOUD_URL: emulator.url,
      TF_CLI_CONFIG_FILE: world.write("cli.tfrc", rc),
      CHECKPOINT_DISABLE: "1",
    };
    const plugins = stringify({ plugins: withYandex(`${world.home}/plugins`) });
    const results = await followGuide("long-runs", {
      ...reader,
      env,
      instead: {
        "runtime: yaml\n": `runtime: yaml\n${plugins}`,
        "terraform plan": `${cli} plan`,
        "terraform apply": `${cli} apply`,
      },
      before: (block) => (emulator.clockOffsetMs = 13 * HOUR * (block + 1 - BLOCKS)),
    });
    expect(results).to.have.length(BLOCKS);
    const [, , , , mended, emptied, , last] = results.map(({ stdout }) => stdout);
    expect(mended).to.match(/^ *3 unchanged$/m);
    expect(emptied).to.match(/^ *- 1 deleted$/m);
    expect(last).to.match(/^ *- [23] deleted$/m);
  });
});
