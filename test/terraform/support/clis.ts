import { engineFolders } from "../../support/engine-env";
import { ok } from "../../support/run-command";
import { buildProvider, buildHelper, version } from "./built";
import { type Cli, CliProject } from "./cli-project";
import { type Cloud, startCloud } from "./cloud";
import { useScratch } from "./scratch";

const ENGINE_MINUTES = 20 * 60_000;

/** What a suite that runs a real CLI has at hand. */
export interface CliSuite {
  readonly cli: Cli;
  readonly folders: () => readonly string[];
  readonly cloud: () => Cloud;
  /** A new path. */
  readonly path: (...names: string[]) => string;
  /** A project after `init`; its mirror has the plugin and the providers of these tests. */
  readonly project: (main: string) => Promise<CliProject>;
}

/** The block that names both providers. */
export const REQUIRED = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
    sink  = { source = "example/sink" }
  }
}
`;

/** Runs the same suite with each CLI that this machine can have; says so where it cannot. */
export function describeClis(title: string, body: (suite: CliSuite) => void): void {
  for (const cli of ["tofu", "terraform"] as const)
    describe(`${title}, with the real ${cli}`, function () {
      this.timeout(90_000);
      body(useCli(cli));
    });
}

function useCli(cli: Cli): CliSuite {
  const scratch = useScratch();
  let folders: readonly string[] = [];
  let cloud: Cloud;
  let number = 0;
  before(async function () {
    this.timeout(ENGINE_MINUTES);
    const found = await engineFolders(cli);
    if (!found) {
      process.stderr.write(`    ${cli} is not on this machine: what needs it is skipped\n`);
      return this.skip();
    }
    folders = found;
    const executable = (await buildProvider(scratch.path("built"))).executable;
    cloud = await startCloud(scratch.path("cloud"));
    built = [
      { type: "yciam", namespace: "yciam", version, executable },
      { type: "sink", version: "1.0.0", executable: buildHelper("sink", scratch.path("sink.cjs")) },
      {
        type: "yandex",
        namespace: "yandex-cloud",
        version: "1.0.0",
        executable: buildHelper("yandex", scratch.path("yandex.cjs")),
      },
    ];
  });
  let built: ConstructorParameters<typeof CliProject>[3] = [];
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud?.emulator.close());
  return {
    cli,
    folders: () => folders,
    cloud: () => cloud,
    path: scratch.path,
    project: async (main) => {
      const made = new CliProject(cli, folders, scratch.path(`project-${number++}`), built);
      made.set(cloud.env);
      ok(await made.configure(main).run(["init"]));
      return made;
    },
  };
}
