import { engineFolders } from "../../support/engine-env";
import { buildAll, type Installed } from "./built";
import { type Cli, CliProject } from "./cli-project";
import { type Cloud, startCloud } from "./cloud";
import { useScratch } from "./scratch";

const ENGINE_MINUTES = 20 * 60_000;

/** What a suite that runs a real CLI has at hand. */
export interface CliSuite {
  readonly cli: Cli;
  readonly folders: () => readonly string[];
  readonly cloud: () => Cloud;
  readonly installed: () => Installed;
  /** A new path. */
  readonly path: (...names: string[]) => string;
  /** A project that needs no `init`: its CLI knows where the plugin and the providers of these tests are. */
  readonly project: (main: string) => CliProject;
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
  let installed: Installed;
  let number = 0;
  before(async function () {
    this.timeout(ENGINE_MINUTES);
    const found = await engineFolders(cli);
    if (!found) {
      process.stderr.write(`    ${cli} is not on this machine: what needs it is skipped\n`);
      return this.skip();
    }
    folders = found;
    installed = await buildAll();
    cloud = await startCloud(scratch.path("cloud"));
  });
  beforeEach(() => cloud.emulator.reset());
  after(() => cloud?.emulator.close());
  return {
    cli,
    folders: () => folders,
    cloud: () => cloud,
    installed: () => installed,
    path: scratch.path,
    project: (main) =>
      new CliProject(cli, folders, scratch.path(`project-${number++}`), installed.overrides)
        .set(cloud.env)
        .configure(main),
  };
}
