import { existsSync } from "node:fs";
import { expect } from "chai";
import { engineFolders } from "../support/engine-env";
import { processesMarked } from "../support/engine-processes";
import { PulumiProject, withPulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";

const ENGINE_MINUTES = 20 * 60_000;
const SECRET = "a very quiet word";

const WITH_RESOURCE = `
import * as pulumi from "@pulumi/pulumi";
class Echo implements pulumi.dynamic.ResourceProvider {
  async create(inputs: { text: string }) { return { id: "echo", outs: { text: inputs.text } }; }
}
class EchoResource extends pulumi.dynamic.Resource {
  declare readonly text: pulumi.Output<string>;
  constructor(name: string, args: { text: pulumi.Input<string> }) { super(new Echo(), name, { ...args }); }
}
const said = new pulumi.Config().requireSecret("word");
export const hidden = new EchoResource("echo", { text: said }).text;
export const shown = "in the clear";
export const ambient = process.env.YC_TOKEN ?? "none";
`;

describe("a Pulumi project of a test", function () {
  this.timeout(60_000);
  before(function () {
    this.timeout(ENGINE_MINUTES);
    return engineFolders("pulumi");
  });

  it("runs the whole life of a stack with the real engine", async () => {
    process.env.YC_TOKEN = "of the developer";
    try {
      await withPulumiProject({ files: { "index.ts": WITH_RESOURCE } }, async (project) => {
        ok(await project.setConfig("word", SECRET, { secret: true }));
        const preview = ok(await project.preview({ eventLog: true }));
        expect(preview).to.have.property("events").that.contains('"resourcePreEvent"');
        const up = ok(await project.up({ verbose: true }));
        expect(up.stderr, "the engine's own log").to.match(/^\{"time":/m);
        ok(await project.up({ args: ["--expect-no-changes"] }));
        expect(await project.stackOutput()).to.deep.equal({
          hidden: "[secret]",
          shown: "in the clear",
          ambient: "none",
        });
        expect(await project.stackOutput({ showSecrets: true })).to.have.property("hidden", SECRET);

        const state = project.readState();
        const paths = [...state.keys()].join("\n");
        expect(paths).to.contain("stacks/").and.contain("history/").and.contain("checkpoint.json");
        expect([...state.values()].join())
          .to.contain("in the clear")
          .and.not.contain(SECRET);
        expect(ok(await project.stackExport()).stdout)
          .to.contain("in the clear")
          .and.not.contain(SECRET);
        expect(project.readStackSettings()).to.contain("secure:").and.not.contain(SECRET);
        ok(await project.refresh());
        ok(await project.destroy());
      });
    } finally {
      delete process.env.YC_TOKEN;
    }
  });

  it("leaves no file and no process", async () => {
    const project = await PulumiProject.create({ files: { "index.ts": "export const a = 1;" } });
    ok(await project.up());
    expect(project.cleanup()).to.equal(0);
    expect(existsSync(project.root)).to.equal(false);
  });

  it("ends a program that hangs, with the engine and its hosts", async () => {
    const files = { "index.ts": "setInterval(() => undefined, 1000); console.log('hanging');" };
    await withPulumiProject({ files }, async (project) => {
      const result = await project.up({ timeoutMs: 4000 });
      expect(result).to.have.property("killed", "timeout");
      expect(result.stdout).to.contain("hanging");
      expect(processesMarked(`PULUMI_HOME=${project.home}`)).to.deep.equal([]);
    });
  });

  it("runs a YAML program", async () => {
    const pulumiYaml = { variables: { word: "yaml" }, outputs: { said: "${word}" } };
    await withPulumiProject({ runtime: "yaml", pulumiYaml }, async (project) => {
      ok(await project.up());
      expect(await project.stackOutput()).to.deep.equal({ said: "yaml" });
    });
  });

  it("runs a Python program", async function () {
    this.timeout(ENGINE_MINUTES);
    if (!(await engineFolders("python"))) this.skip();
    const files = { "__main__.py": 'import pulumi\npulumi.export("said", pulumi.Output.secret("python"))\n' };
    await withPulumiProject({ runtime: "python", files }, async (project) => {
      ok(await project.up());
      expect(await project.stackOutput()).to.deep.equal({ said: "[secret]" });
      expect(await project.stackOutput({ showSecrets: true })).to.deep.equal({ said: "python" });
    });
  });

  it("reports a program that fails, and still cleans up", async () => {
    const files = { "index.ts": 'throw new Error("on purpose");' };
    await withPulumiProject({ files }, async (project) => {
      const result = await project.up();
      expect(result.code).not.to.equal(0);
      expect(result.stdout + result.stderr).to.contain("on purpose");
    });
  });
});
