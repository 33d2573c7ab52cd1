import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { engineFolders } from "../support/engine-env";
import { type PulumiProject } from "../support/pulumi";
import { emulatorEnv, exampleProject, writeKey } from "./support/plugin-project";
import { installPythonSdk } from "./support/python-sdk";
import { Traces } from "./support/traces";

/** By story: outputs that have to be secret, outputs that have to be shown, and settings that hold a key, as secrets. */
const STORIES: readonly [story: string, secret: string[], shown: string[], keys: string[]][] = [
  ["yaml", ["token", "authorization"], ["resolver", "expiresAt"], []],
  ["resource", ["token", "authorization"], ["expiresAt", "fingerprint"], ["key"]],
  ["python", ["token", "authorization", "held"], ["expiresAt", "cloud"], ["key"]],
  [
    "typescript-plugin",
    ["deployerToken", "auditorAuthorization"],
    ["deployerId", "auditorId"],
    ["deployerKey", "auditorKey"],
  ],
];

for (const [story, secret, shown, keys] of STORIES) {
  describe(`examples/${story}, through the plugin, with the real engine`, function () {
    this.timeout(300_000);
    let emulator: Emulator;
    let project: PulumiProject;
    let traces: Traces;
    let outputs: Record<string, unknown>;
    const key: KeyFile[] = [];
    const env: Record<string, string> = {};

    before(async function () {
      const python = story === "python" ? await engineFolders("python") : [];
      if (python === undefined) return this.skip();
      emulator = await startEmulator({ recordBodies: true });
      for (let count = 0; count < Math.max(1, keys.length); count += 1) key.push(await emulator.createKey());
      project = await exampleProject(story, { env: emulatorEnv(emulator) });
      traces = new Traces(project);
      if (python[0] !== undefined) env.PYTHONPATH = await installPythonSdk(python[0], project.root);
      if (keys.length === 0) env.YC_SERVICE_ACCOUNT_KEY_FILE = writeKey(project, key[0] as KeyFile);
      for (const [index, name] of keys.entries())
        await project.setConfig(name, JSON.stringify(key[index]), { secret: true });
      if (story === "python") await project.setConfig("resourceManagerEndpoint", emulator.url);
    });

    after(async () => {
      const left = project?.cleanup();
      await emulator?.close();
      expect(left ?? 0, "processes left running").to.equal(0);
    });

    it("is shown by preview and made by up, its secrets as [secret] and ciphertext, the rest in clear", async () => {
      const options = { eventLog: true, env };
      traces.keep("preview", await project.preview(options));
      traces.keep("up", await project.up(options));
      outputs = await project.stackOutput();
      expect(Object.keys(outputs)).to.have.members([...secret, ...shown]);
      for (const name of shown) expect(outputs[name], name).to.be.a("string").and.not.equal("[secret]");
      const state = JSON.parse((await project.stackExport()).stdout) as {
        deployment: { resources: { type: string; outputs?: Record<string, { ciphertext?: string }> }[] };
      };
      const stack = state.deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
      const real = await project.stackOutput({ showSecrets: true });
      const tokens = emulator.issuedTokens.flatMap(({ token }) => [token, `Bearer ${token}`]);
      for (const name of secret) {
        expect(outputs[name], name).to.equal("[secret]");
        expect(stack?.outputs?.[name]?.ciphertext, name).to.match(/^v1:/);
        expect(tokens, name).to.include(real[name]);
      }
    });

    it("changes nothing the second time, nor in another preview, nor by a plan, nor when it is refreshed", async () => {
      const options = { env, args: ["--expect-no-changes"] };
      traces.keep("second up", await project.up({ ...options, verbose: true }));
      traces.keep("second preview", await project.preview(options));
      const plan = { ...env, PULUMI_EXPERIMENTAL: "true" };
      const file = join(project.root, "plan.json");
      traces.keep("plan", await project.preview({ env: plan, args: ["--save-plan", file] }));
      traces.keep("planned up", await project.up({ env: plan, args: ["--plan", file] }));
      expect(readFileSync(file, "utf8")).not.to.contain(emulator.issuedTokens[0]?.token);
      for (const args of [options.args, [...options.args, "--run-program"]])
        traces.keep(`refresh ${args.join(" ")}`, await project.refresh({ env, args }));
      expect(await project.stackOutput()).to.deep.equal(outputs);
    });

    it("is destroyed, and leaves no token, key or assertion in clear anywhere", async () => {
      traces.keep("export", await project.stackExport());
      traces.keep("destroy", await project.destroy({ env, eventLog: true }));
      const canaries = key.map((file) => ({ name: "private key", value: file.private_key }));
      expect(traces.leaks(emulator, canaries)).to.deep.equal([]);
    });
  });
}
