import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { existsSync } from "node:fs";
import { processesMarked } from "../support/engine-processes";
import { withPulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";

const SECRET = "a very quiet word";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
export const hidden = new pulumi.Config().requireSecret("word");
export const [shown, ambient] = ["in the clear", process.env.YC_TOKEN ?? "none"];
`;

describe("a Pulumi project of a test", function () {
  this.timeout(60_000);
  before(() => (process.env.YC_TOKEN = "of the developer"));
  after(() => delete process.env.YC_TOKEN);

  it("sees nothing of the developer, shows what was logged and saved, and leaves nothing", async () => {
    await withPulumiProject({ files: { "index.ts": PROGRAM } }, async (project) => {
      ok(await project.setConfig("word", SECRET, { secret: true }));
      expect(ok(await project.up({ verbose: true })).stderr, "the engine's own log").to.match(/^\{"time":/m);
      const shown = { shown: "in the clear", ambient: "none" };
      expect(await project.stackOutput()).to.deep.equal({ hidden: "[secret]", ...shown });
      expect(await project.stackOutput({ showSecrets: true })).to.deep.equal({ hidden: SECRET, ...shown });
      const state = [...project.readState().values(), project.readStackSettings()].join("\n");
      expect(state).to.contain("in the clear").and.contain("secure:").and.not.contain(SECRET);
      expect(project.cleanup(), "processes left running").to.equal(0);
      expect(existsSync(project.root)).to.equal(false);
    });
  });

  it("ends a program that hangs, with the engine and its hosts", async () => {
    const files = { "index.ts": "setInterval(() => undefined, 1000); console.log('hanging');" };
    await withPulumiProject({ files }, async (project) => {
      const result = await project.up({ timeoutMs: 4000 });
      expect(result).to.have.property("killed", "timeout");
      expect(result.stdout).to.contain("hanging");
      while (processesMarked(`PULUMI_HOME=${project.home}`).length > 0) await delay(20);
    });
  });
});
