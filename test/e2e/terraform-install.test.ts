import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../terraform/support/built";
import { CliProject } from "../terraform/support/cli-project";
import { describeClis } from "../terraform/support/clis";
import { callProvider, connect } from "../terraform/support/grpc-client";
import { runToEnd, startPlugin } from "../terraform/support/plugin-process";
import { useScratch } from "../terraform/support/scratch";

const FOLDER = join(__dirname, "../../build/node/terraform-provider-yciam");
const PROGRAM = join(FOLDER, `terraform-provider-yciam_v${version}`);
const DOCUMENTED = readFileSync(join(__dirname, "../../docs/index.md"), "utf8");
const MAIN = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
  }
}
data "yciam_token_info" "it" {}
`;

describe("the Terraform plugin as a program for Node", function () {
  this.timeout(60_000);
  const scratch = useScratch();

  it("says at once which Node it needs, where it is started by an older one", async () => {
    const older = scratch.path("older.js");
    writeFileSync(older, `Object.defineProperty(process.versions, "node", { value: "20.18.3" })`);
    const { code, stdout, stderr } = await runToEnd(PROGRAM, { NODE_OPTIONS: `--require=${older}` });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.equal("terraform-provider-yciam needs Node.js 20.19 or newer, and this is 20.18.3\n");
  });

  it("tells of a defect by its kind, and by a line of the bundle that says more", async () => {
    const plugin = await startPlugin(PROGRAM);
    const client = connect(plugin.handshake);
    const request = { typeName: "yciam_token", private: Buffer.from("no JSON") };
    await callProvider(client, "configureProvider", { config: { msgpack: Buffer.from("80", "hex") } });
    const { diagnostics } = await callProvider(client, "renewEphemeralResource", request);
    plugin.process.kill();
    await plugin.ended;
    const [, line = ""] =
      /unexpected SyntaxError at \S+_v[\d.]+:(\d+)\./.exec(diagnostics?.[0]?.detail ?? "") ?? [];
    // Its lines are cut wherever they are long.
    const around = readFileSync(PROGRAM, "utf8")
      .split("\n")
      .slice(Number(line) - 2, Number(line));
    expect(around.join("")).to.contain("JSON.parse(");
  });
});

describeClis("the program for Node", ({ cli, folders, path }) => {
  it("does not start in the ways that the documentation tells of, in those words", async () => {
    const overrides = `dev_overrides { "yciam/yciam" = ${JSON.stringify(FOLDER)} }`;
    const made = new CliProject(cli, folders(), path("project"), overrides);
    made.configure(MAIN);
    mkdirSync(path("bin"));
    const programs = folders().map((folder) => join(folder, cli));
    symlinkSync(programs.find(existsSync) ?? "", path("bin", cli));
    const environments = {
      "42 ": { NODE_OPTIONS: "--import=data:text/javascript,console.log(42)" },
      "Failed to read any lines from plugin's stdout": { PATH: path("bin") },
    };
    for (const [said, env] of Object.entries(environments)) {
      const { stderr } = await made.run(["plan"], env);
      expect(stderr.replace(/[\s│╷╵]+/g, " ")).to.contain(`Unrecognized remote plugin message: ${said}`);
    }
    expect(DOCUMENTED).to.contain(`"Unrecognized remote plugin message"`);
    expect(DOCUMENTED).to.contain(`"Failed to read any lines from plugin's stdout"`);
  });
});
