import { expect } from "chai";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import { type Emulator, startEmulator } from "../../emulator";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { age, editState, emulatorEnv, type StateResource, yamlProject } from "./support/plugin-project";

const ROOT = join(__dirname, "../..");

// Two resources of two components, each of which brings yciam for itself: the program's folder does not see it.
const PROGRAM = `
const [one, two] = ["nested", "pnpm-like"].map((name) => require(name).make());
export const [token, other, expiresAt] = [one.token, two.token, one.expiresAt];
`;

/** The packages of {@link PROGRAM}: one has yciam in a folder of its own, as npm does, the other beside it, as pnpm does. */
async function inProgram(env: Record<string, string>): Promise<PulumiProject> {
  const packages = Object.keys(manifest.peerDependencies);
  const project = await PulumiProject.create({ files: { "index.ts": PROGRAM }, packages, env });
  const modules = (path: string) => join(project.dir, "node_modules", path);
  for (const [folder, yciam, name] of [
    ["nested", "nested/node_modules/yciam", "one"],
    [".pnpm/component/node_modules/pnpm-like", ".pnpm/yciam/node_modules/yciam", "two"],
  ] as const) {
    mkdirSync(modules(folder), { recursive: true });
    const code = `exports.make = () => new (require("yciam").IamToken)("${name}");`;
    writeFileSync(modules(`${folder}/index.js`), code);
    for (const part of ["package.json", "dist"])
      cpSync(join(ROOT, part), modules(`${yciam}/${part}`), { recursive: true });
  }
  symlinkSync("../../yciam/node_modules/yciam", modules(".pnpm/component/node_modules/yciam"));
  symlinkSync(".pnpm/component/node_modules/pnpm-like", modules("pnpm-like"));
  return project;
}

async function throughPlugin(env: Record<string, string>): Promise<PulumiProject> {
  const resources = { one: { type: "yciam:IamToken" }, two: { type: "yciam:IamToken" } };
  const outputs = { token: "${one.token}", other: "${two.token}", expiresAt: "${one.expiresAt}" };
  return yamlProject({ resources, outputs }, { env });
}

/** As a program left it that could still ask for a token to be revoked with its resource. */
const asOnce = (state: StateResource): StateResource => ({
  ...state,
  inputs: { ...state.inputs, revokeOnDelete: true },
  outputs: { ...state.outputs, revokeOnDelete: true },
});

for (const create of [inProgram, throughPlugin]) {
  describe(`two resources with one token, ${create.name}, with the real engine`, function () {
    this.timeout(300_000);
    let emulator: Emulator;
    let project: PulumiProject;

    before(async () => {
      emulator = await startEmulator();
      const YC_SERVICE_ACCOUNT_KEY_FILE = JSON.stringify(await emulator.createKey());
      project = await create({ ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE });
    });
    after(async () => {
      const left = project?.cleanup();
      await emulator.close();
      expect(left ?? 0, "processes left running").to.equal(0);
    });

    const unchanged = async () => ok(await project.up({ args: ["--expect-no-changes"] }));
    const revoked = () => emulator.issuedTokens.filter((issued) => issued.revoked);

    it("E12: are made, and the same in the next run, wherever yciam lies", async () => {
      ok(await project.up());
      const { token, other } = await project.stackOutput({ showSecrets: true });
      expect([token, other]).to.deep.equal(Array(2).fill(emulator.issuedTokens[0]?.token));
      await unchanged();
      ok(await project.refresh({ args: ["--expect-no-changes"] }));
      expect(emulator.counts.exchanges).to.equal(1);
      expect([...project.readState().values()].join("\n")).not.to.contain(project.root);
    });

    it("are renewed in place near their end, which a preview shows as a change", async () => {
      const made = await project.stackOutput();
      await age(project, "one", new Date(Date.now() + 30 * 60_000).toISOString());
      const preview = ok(await project.preview({ args: ["--diff"] }));
      expect(preview.stdout)
        .to.match(/~ .+: \(update\)/)
        .and.contain("1 to update");
      // An output that will be another is no output that will be gone.
      expect(preview.stdout).not.to.match(/- token/);
      const { stdout } = ok(await project.up());
      expect(stdout).to.contain("1 updated").and.not.contain("replaced");
      expect(await project.stackOutput()).to.deep.equal(made);
      await unchanged();
    });

    it("are renewed by a refresh too, and stay secret", async () => {
      await age(project, "one", "2020-01-01T00:00:00Z");
      ok(await project.refresh());
      await unchanged();
      const token = emulator.issuedTokens.at(-1)?.token;
      expect([...project.readState().values()].join("\n")).not.to.contain(token);
    });

    it("R2: have a living token after one of them was replaced, which gets the same one", async () => {
      const urn = await editState(project, "one", asOnce);
      ok(await project.up({ args: ["--replace", urn] }));
      const { token } = await project.stackOutput({ showSecrets: true });
      expect(token).to.equal(emulator.issuedTokens.at(-1)?.token);
      expect(revoked()).to.deep.equal([]);
      await unchanged();
    });

    it("R1: can both be deleted, and leave the token alive", async () => {
      for (const name of ["one", "two"]) await editState(project, name, asOnce);
      ok(await project.destroy());
      expect(revoked()).to.deep.equal([]);
      expect(emulator.counts.revoke).to.equal(0);
    });
  });
}
