import { expect } from "chai";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "../../provider/core/token";
import { Secret } from "../../provider/core/secret";
import { engineFolders } from "../support/engine-env";
import { ok } from "../support/run-command";
import { type Cli, CliProject } from "../terraform/support/cli-project";
import { type Cloud, startCloud } from "../terraform/support/cloud";
import { bundle } from "../terraform/support/demo-program";
import { useScratch } from "../terraform/support/scratch";

const ENGINE_MINUTES = 20 * 60_000;

const REQUIRED = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
    sink  = { source = "example/sink" }
  }
}
`;

const EPHEMERAL = `${REQUIRED}
ephemeral "yciam_token" "deploy" {}

provider "sink" {
  token = ephemeral.yciam_token.deploy.token
}

data "sink_token" "seen" {}

output "fingerprint" {
  value = data.sink_token.seen.fingerprint
}
`;

for (const cli of ["tofu", "terraform"] as const) describeCli(cli);

function describeCli(cli: Cli): void {
  describe(`yciam under the real ${cli}`, function () {
    this.timeout(60_000);
    const scratch = useScratch();
    let folders: readonly string[] = [];
    let cloud: Cloud;
    let number = 0;

    before(async function () {
      this.timeout(ENGINE_MINUTES);
      const found = await engineFolders(cli);
      if (!found) return this.skip();
      folders = found;
      for (const [entry, name] of [
        [join(__dirname, "../../provider/terraform/main.ts"), "yciam"],
        [join(__dirname, "../terraform/support/sink-main.ts"), "sink"],
      ] as const) {
        bundle(entry, scratch.path(`${name}.cjs`));
        chmodSync(scratch.path(`${name}.cjs`), 0o755);
      }
      cloud = await startCloud(scratch.path("cloud"));
    });
    after(() => cloud?.emulator.close());

    async function project(main: string): Promise<CliProject> {
      const made = new CliProject(cli, folders, scratch.path(`project-${number++}`), [
        { type: "yciam", namespace: "yciam", version: "0.1.0", executable: scratch.path("yciam.cjs") },
        { type: "sink", version: "1.0.0", executable: scratch.path("sink.cjs") },
      ]);
      ok(await made.configure(main).run(["init"]));
      return made;
    }

    it("configures another provider with an ephemeral token; plan and apply use one", async () => {
      const made = await project(EPHEMERAL);
      const { env } = cloud;
      ok(await made.run(["plan"], { env }));
      ok(await made.run(["apply", "-auto-approve"], { env }));
      const issued = cloud.emulator.issuedTokens.map(({ token }) => fingerprint(new Secret(token)));
      const seen = ok(await made.run(["output", "-raw", "fingerprint"])).stdout;
      expect(issued).to.deep.equal([seen]);
    });
  });
}
