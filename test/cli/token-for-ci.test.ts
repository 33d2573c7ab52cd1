import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emulatorForAll } from "../resolvers/support";
import { readTree } from "../support/pulumi-files";
import { ok } from "../support/run-command";
import { Cli } from "./run";

describe("the command yciam token, in a pipeline", function () {
  this.timeout(60_000);
  const emulator = emulatorForAll({ reuseWhileMs: Infinity });
  let cli: Cli;
  beforeEach(async () => {
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint });
    cli.write("key.json", JSON.stringify(await emulator.current.createKey()));
  });
  afterEach(() => cli.cleanup());
  const run = (form: string, env = {}) =>
    cli.run(["token", "--output", form, "--service-account-key-file", "key.json"], { env });
  const issued = () => emulator.current.issuedTokens.at(-1)?.token ?? "none";

  it("masks it for GitHub first, then writes it to the step's output and the job's environment, and nowhere else", async () => {
    const names = ["GITHUB_OUTPUT", "GITHUB_ENV"];
    const env = Object.fromEntries(names.map((name) => [name, cli.write(name, "before=1\n")]));
    const { stdout, stderr } = ok(await run("github", env));
    expect([stdout, stderr]).to.deep.equal([`::add-mask::${issued()}\n`, ""]);
    const written = names.map((name) => readFileSync(join(cli.home, name), "utf8"));
    const entry = (name: string) => `${name}<<(\\w\\S*)\n${issued().replaceAll(".", "\\.")}\n\\1\n`;
    expect(written[0]).to.match(new RegExp(`^before=1\n${entry("token")}$`));
    const [first, second] = [entry("YC_IAM_TOKEN"), entry("YC_TOKEN")];
    expect(written[1]).to.match(new RegExp(`^before=1\n${first}${second}$`));
    const holding = [...readTree(cli.home)].filter(([, text]) => text.includes(issued()));
    expect(holding.map(([path]) => path)).to.have.members(names);
  });

  for (const [title, env, says] of [
    ["is not set", { GITHUB_OUTPUT: "out" }, /GITHUB_ENV is not set here: .* GitHub workflow/],
    [
      "cannot be written",
      { GITHUB_OUTPUT: "/", GITHUB_ENV: "env" },
      /GITHUB_OUTPUT.* cannot be written \(EISDIR\)/,
    ],
  ] as const)
    it(`says which of GitHub's files ${title}`, async () => {
      const { code, stderr } = await run("github", env);
      expect(code).to.equal(64);
      expect(stderr).to.match(says);
    });

  it("writes dotenv for GitLab, and says that GitLab cannot mask it", async () => {
    const { stdout, stderr } = ok(await run("gitlab"));
    expect(stdout).to.equal(`YC_IAM_TOKEN=${issued()}\nYC_TOKEN=${issued()}\n`);
    expect(stderr).to.match(/^yciam: warning: GitLab cannot mask .* `artifacts: access: none`/);
  });
});
