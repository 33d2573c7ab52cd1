import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import manifest from "../../package.json";

const FOLDER = join(__dirname, "../../.github/workflows");
type Permissions = Readonly<Record<string, string>>;
interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Permissions;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

const NPM = /^npm (ci|test(?: -- unit)?|run ([\w:]+)(?: -- --final --tag "\$GITHUB_REF_NAME")?)$/;

describe("the workflows of the public CI", () => {
  for (const file of readdirSync(FOLDER)) {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const { permissions, jobs } = parse(text) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);

    it(`call scripts of package.json, and nothing else: ${file}`, () => {
      for (const { run } of steps.filter((step) => step.run !== undefined)) {
        const [, , script = "test"] = NPM.exec(run ?? "") ?? expect.fail(`${run} is no script`);
        expect(manifest.scripts).to.have.property(script);
      }
    });

    it(`have the least rights, in the job that needs them: ${file}`, () => {
      expect(permissions).to.deep.equal({ contents: "read" });
      const uses = (job: Job, name: string) =>
        job.steps.some((step) => step.uses?.startsWith(`actions/${name}@`));
      for (const [name, job] of Object.entries(jobs)) {
        const signs = { contents: "read", "id-token": "write", attestations: "write" };
        const isToSign = uses(job, "attest-build-provenance");
        expect(job.permissions, name).to.deep.equal(isToSign ? signs : undefined);
        if (isToSign) expect(job.steps.every(({ run }) => run === undefined)).to.equal(true);
      }
      for (const step of steps.filter(({ uses: action }) => action?.startsWith("actions/checkout@")))
        expect(step.with).to.deep.equal({ "persist-credentials": false });
    });

    it(`name each action by a commit, with its version beside it: ${file}`, () => {
      const named = Array.from(text.matchAll(/uses: (.*)/g), ([, action]) => action);
      expect(named).to.have.length.above(0);
      for (const action of named) expect(action).to.match(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });
  }

  it("run on each Node that is supported, and each system", () => {
    const { jobs } = parse(readFileSync(join(FOLDER, "ci.yml"), "utf8")) as Workflow;
    const os = ["ubuntu-latest", "macos-latest", "windows-latest"];
    expect(jobs["unit"]?.strategy?.matrix).to.deep.equal({ os, node: [20, 22, 24] });
  });
});
