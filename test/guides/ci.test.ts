import { expect } from "chai";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { archive } from "../../scripts/artefacts/tar.mjs";
import { startServer, type TestServer } from "../platform/server";
import { GithubRunner, valuesIn } from "../support/github-runner";
import { followGuide } from "../support/guides";
import { ok, runCommand } from "../support/run-command";
import { githubSteps, gitlabJob, type Job, kubernetesJob, sourcecraftCube, withContext } from "./ci-systems";
import { GuideWorld } from "./world";

const ROOT = join(__dirname, "../..");
const COMPONENT = join(ROOT, "templates/yciam.yml");
const serviceAccountId = "aje0123456789abcdefg";
const GITHUB = {
  sub: "repo:my-organization/my-repository:ref:refs/heads/main",
  aud: "https://github.com/my-organization",
};
const GITLAB = {
  iss: "https://gitlab.com",
  sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
};
const CLUSTER = "https://storage.yandexcloud.net/mk8s-oidc/v1/clusters/cat0123456789abcdefg";

/** By what a file would take a secret that somebody has stored. */
const STORED =
  /\$\{\{ *(secrets|vars)\.|^\s*secrets:|secretKeyRef|secretName|envFrom|KEY_FILE|OAUTH|PRIVATE KEY/m;

describe("the guide to CI", function () {
  this.timeout(60_000);
  let world: GuideWorld;
  let issuer: OidcIssuer;
  let files: TestServer;

  before(async () => {
    [world, issuer] = await Promise.all([
      GuideWorld.create(),
      startOidcIssuer({ actionsSubject: GITHUB.sub, actionsAudience: GITHUB.aud }),
    ]);
    // The archive of a release is tested elsewhere; its program is the one that is built here.
    const packed = archive(join(world.home, ".bin"), ["yciam"]);
    files = await startServer((response) => response.end(packed));
    for (const name of ["yc", "kubectl"]) world.program(name, `printf '%s\\n' "$@" "" >> ~/${name}.calls`);
    world.write("deploy.sh", 'echo "deployed by $(printf %s "$YC_TOKEN" | sha256sum)"; echo $YC_TOKEN');
    await followGuide("ci", {
      ...world.reader,
      instead: {
        "https://token.actions.githubusercontent.com": issuer.issuer,
        "https://files.example/": `${files.url}/`,
        ["0".repeat(64)]: createHash("sha256").update(packed).digest("hex"),
      },
    });
    world.emulator.addServiceAccount({ id: serviceAccountId });
    for (const call of callsOf("yc")) trust(call);
  });
  after(() => Promise.all([world.close(), issuer.close(), files.close()]));

  const callsOf = (name: string) => {
    const text = readFileSync(join(world.home, `${name}.calls`), "utf8");
    return text
      .split("\n\n")
      .map((call) => call.split("\n"))
      .filter((words) => words.length > 1);
  };

  /** Does in the emulator what the flags of `yc` say. */
  function trust(words: readonly string[]): void {
    const flag = (name: string) => words[words.indexOf(`--${name}`) + 1] ?? "";
    if (words.includes("federation"))
      world.emulator.addFederation({
        id: `aje-id-of-${flag("name")}`,
        issuer: flag("issuer"),
        audiences: [flag("audiences")],
        jwks: issuer.jwks,
      });
    else
      world.emulator.addFederatedCredential({
        federationId: flag("federation-id"),
        subject: flag("external-subject-id"),
        serviceAccountId: flag("service-account-id"),
      });
  }

  /** Runs what a system runs, and checks that it deploys with the account's token and hides that. */
  async function run({ env, runs }: Job): Promise<void> {
    const printed: string[] = [];
    const options = { ...world.reader, env: { ...world.reader.env, ...env } };
    for (const one of runs) {
      const { stdout, stderr } = ok(
        await runCommand(typeof one === "string" ? ["sh", "-ec", one] : one, options),
      );
      printed.push(stdout, stderr);
    }
    expectDeployed(printed.join(""));
    expect(printed.join("")).not.to.match(/eyJ[\w-]+\.eyJ/);
  }

  function expectDeployed(output: string): void {
    const { token = "", subjectId } = world.emulator.issuedTokens.at(-1) ?? {};
    expect(subjectId).to.equal(serviceAccountId);
    expect(output).to.match(/workloadIdentity +would be asked[^]*deployed by /);
    expect(output).to.include(`deployed by ${createHash("sha256").update(token).digest("hex")}`);
    expect(output.replace(`::add-mask::${token}`, "")).not.to.include(token);
  }

  it("is true for GitHub: the action, and the step that gets its output", async () => {
    const { mayAsk, steps } = githubSteps(join(world.home, ".github/workflows/deploy.yml"));
    const [checkout, action, deploy] = steps;
    expect([mayAsk, steps.length]).to.deep.equal([true, 3]);
    expect([checkout?.uses, action?.uses].join()).to.match(
      /^actions\/checkout@v\d,my-organization\/yciam@v\d/,
    );
    const runner = new GithubRunner({ ...world.reader.env, ...issuer.actionsEnv });
    const { main, post } = await runner.job(action?.with ?? {});
    runner.cleanup();
    const token = valuesIn(main.GITHUB_OUTPUT).token ?? "";
    const YC_TOKEN = withContext(deploy?.env?.YC_TOKEN ?? "", { "steps.iam.outputs.token": token });
    const env = { ...world.reader.env, YC_TOKEN };
    const { stdout } = ok(await runCommand(["sh", "-ec", deploy?.run ?? ""], { ...world.reader, env }));
    // The runner masks.
    expectDeployed(main.output + stdout.replace(token, "***"));
    expect(post.output).to.equal("");
  });

  it("is true for GitLab: the component and the job that extends it", async () => {
    const sign = (aud: string) => issuer.sign({ ...GITLAB, aud });
    const { env, runs } = await gitlabJob(join(world.home, ".gitlab-ci.yml"), COMPONENT, sign);
    await run({ env, runs });
    const other = { ...world.reader.env, ...env, YCIAM_SHA256: "0".repeat(64) };
    const { code, stdout } = await runCommand(["sh", "-ec", ...runs], { ...world.reader, env: other });
    expect(code, "of a program with another sum").not.to.equal(0);
    expect(stdout).not.to.include("RESOLVER");
  });

  it("is true for SourceCraft: the federation is made by the service connection", async () => {
    const claims = { iss: "https://sourcecraft.example", sub: "a workflow", aud: "the connection" };
    const { id: federationId } = world.emulator.addFederation({
      issuer: claims.iss,
      audiences: [claims.aud],
      jwks: issuer.jwks,
    });
    world.emulator.addFederatedCredential({ federationId, subject: claims.sub, serviceAccountId });
    const connection = { id_token: await issuer.sign(claims), service_account_id: serviceAccountId };
    await run(sourcecraftCube(join(world.home, ".sourcecraft/ci.yaml"), connection));
  });

  it("is true for Kubernetes: each container of the job that is applied", async () => {
    expect(callsOf("kubectl")[0]).to.deep.equal(["apply", "--filename", "job.yaml"]);
    const { sub, token, ...job } = kubernetesJob(join(world.home, "job.yaml"), join(world.home, "mounted"));
    world.write(
      join("mounted", token.path ?? ""),
      await issuer.sign({ iss: CLUSTER, sub, aud: token.audience ?? "" }),
    );
    await run(job);
  });

  it("stores no secret anywhere", () => {
    const own = [".github/workflows/deploy.yml", ".gitlab-ci.yml", ".sourcecraft/ci.yaml", "job.yaml"];
    const paths = [...own.map((name) => join(world.home, name)), COMPONENT, join(ROOT, "action.yml")];
    for (const path of paths) expect(readFileSync(path, "utf8"), path).not.to.match(STORED);
    for (const line of ["key: ${{ secrets.KEY }}", "  secrets:", "secretKeyRef: {}"])
      expect(line).to.match(STORED);
  });
});
