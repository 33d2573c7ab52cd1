import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packagesAreInstalled } from "../../scripts/fresh.mjs";
import { cacheDirOf } from "../../scripts/cache-folder.mjs";
import { bareEnvironment, engineFolders } from "../support/engine-env";
import { killLeft } from "../support/engine-processes";
import { ok, runCommand } from "../support/run-command";

const ROOT = join(__dirname, "../..");
const ARGV = [process.execPath, "scripts/start.mjs"] as const;

describe("npm start", function () {
  this.timeout(120_000);
  let scratch: string;
  let env: Record<string, string>;

  before(function () {
    this.timeout(20 * 60_000);
    // It would install them, under the feet of the tests that run.
    expect(packagesAreInstalled(ROOT), "packages are installed: npm ci").to.equal(true);
    return engineFolders("pulumi");
  });
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "yciam-start-"));
    ["home", "tmp"].forEach((folder) => mkdirSync(join(scratch, folder)));
    const XDG_CACHE_HOME = join(cacheDirOf(process.env), "..");
    const TMPDIR = join(scratch, "tmp");
    // npm makes its folder even to run a script; should the build be out of date, it is run.
    const npm_config_cache = join(scratch, "npm");
    env = { ...bareEnvironment(join(scratch, "home")), TMPDIR, XDG_CACHE_HOME, npm_config_cache };
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  function expectNothingLeft(): void {
    expect(killLeft(scratch), "processes").to.equal(0);
    expect(readdirSync(join(scratch, "home")), "files in the home").to.deep.equal([]);
    expect(readdirSync(join(scratch, "tmp")), "temporary files").to.deep.equal([]);
    const settings = readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
    expect(settings, "stack settings in the repository").to.deep.equal([]);
  }

  it("runs the story to its end, shows the outputs, hides the token, and leaves nothing", async () => {
    const { stdout, stderr } = ok(await runCommand(ARGV, { cwd: ROOT, env }));
    expect(stdout).to.match(/^ {2}token {6}\[secret\]$/m);
    expect(stdout).to.match(/^ {2}resolver {3}serviceAccountKey$/m);
    expect(stdout).to.match(/^ {2}expiresAt {2}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/m);
    expect(stdout).to.match(/^ {2}cloud {6}demo-cloud$/m);
    expect(stdout.trimEnd()).to.match(/A second pulumi up found nothing to change\.$/);
    expect(stdout + stderr).not.to.match(/t1\.[-\w=]+\.[-\w=]+|PRIVATE KEY/);
    expectNothingLeft();
  });

  it("stops everything when it is interrupted", async () => {
    const child = spawn(ARGV[0], ARGV.slice(1), { cwd: ROOT, env, stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    for await (const text of child.stderr.setEncoding("utf8")) {
      told += text as string;
      if (!child.killed && told.includes("pulumi: up\n")) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode, told).to.equal(130);
    expect(told).to.contain("Interrupted; everything was stopped.");
    expectNothingLeft();
  });
});
