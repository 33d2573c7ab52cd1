import { expect } from "chai";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extract } from "tar";
import { parse, stringify } from "yaml";
import release from "../../release.config.json";
import { type Emulator, startEmulator } from "../../emulator";
import { compileJavaProgram } from "../e2e/support/java-program";
import { emulatorEnv } from "../e2e/support/plugin-project";
import { engineFolders } from "../support/engine-env";
import { PulumiProject, type PulumiProjectOptions } from "../support/pulumi";
import { type ProgramRuntime, readTree } from "../support/pulumi-files";
import { ok, runCommand } from "../support/run-command";
import { RELEASE, serve, type Site, version } from "./released";

const EXAMPLES = join(__dirname, "../../examples");
const KEYS = ["key", "deployerKey", "auditorKey"];

describe("the release, installed by Pulumi", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let site: Site;
  let project: PulumiProject | undefined;
  let key: string;
  /** A PATH with no Node on it, for what needs none. */
  let alone: { readonly PATH: string };

  before(async function () {
    this.timeout(20 * 60_000);
    alone = { PATH: ((await engineFolders("pulumi")) ?? []).join(":") };
    [emulator, site] = [await startEmulator(), await serve(RELEASE)];
    key = JSON.stringify(await emulator.createKey());
  });
  afterEach(() => project?.cleanup());
  after(async () => {
    await site.close();
    await emulator.close();
  });

  /** A project in an empty home; what the SDK says of where the plugin is leads to the site. */
  async function create(options: Omit<PulumiProjectOptions, "env">): Promise<PulumiProject> {
    const PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES = `${release.pluginDownloadURL}=${site.url}`;
    const env = { ...emulatorEnv(emulator), PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES };
    const made = await PulumiProject.create({ packages: ["@pulumi/pulumi"], ...options, env });
    writeFileSync(join(made.root, "authority.pem"), site.authority);
    writeFileSync(join(made.root, "key.json"), key);
    for (const name of KEYS) ok(await made.setConfig(name, key, { secret: true }));
    ok(await made.setConfig("resourceManagerEndpoint", emulator.url));
    ok(await made.setConfig("ca", site.authority));
    return (project = made);
  }

  /** An example as users read it, but for the plugin's folder, which it names. */
  function example(name: string, runtime: ProgramRuntime): Promise<PulumiProject> {
    const folder = join(EXAMPLES, name);
    const text = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
    const { plugins, ...pulumiYaml } = parse(text) as Record<string, unknown>;
    expect(plugins).to.be.an("object");
    return create({ copyFrom: folder, runtime, pulumiYaml });
  }

  const variables = ({ root }: PulumiProject) => ({
    SSL_CERT_FILE: join(root, "authority.pem"),
    YC_SERVICE_ACCOUNT_KEY_FILE: join(root, "key.json"),
  });

  async function works(
    made: PulumiProject,
    output: string,
    more: Record<string, string> = {},
  ): Promise<void> {
    ok(await made.up({ env: { ...variables(made), ...more } }));
    expect(await made.stackOutput()).to.have.property(output, "[secret]");
    expect(site.asked.at(-1)).to.match(/^\/pulumi-resource-yciam-v[\d.]+-\w+-\w+\.tar\.gz$/);
  }

  it("from a server, by `pulumi plugin install`; a YAML program then finds it", async () => {
    const made = await example("yaml", "yaml");
    const install = ["plugin", "install", "resource", "yciam", version, "--server", site.url];
    ok(await made.run(install, { env: variables(made) }));
    await works(made, "token", alone);
  });

  it("by a YAML program that says where it is", async () => {
    const made = await example("yaml", "yaml");
    const file = join(made.dir, "Pulumi.yaml");
    const program = parse(readFileSync(file, "utf8")) as {
      variables: Record<string, { "fn::invoke": Record<string, unknown> }>;
    };
    for (const variable of Object.values(program.variables))
      variable["fn::invoke"].options = { version, pluginDownloadURL: site.url };
    writeFileSync(file, stringify(program));
    await works(made, "token", alone);
  });

  for (const packed of [`pulumi_yciam-${version}-py3-none-any.whl`, `pulumi_yciam-${version}.tar.gz`])
    it(`by a Python program that has the package ${packed}`, async function () {
      const [python] = (await engineFolders("python")) ?? [];
      if (python === undefined) return this.skip();
      const made = await example("python", "python");
      const site = join(made.root, "site");
      const pip = ["-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet"];
      const argv = [join(python, "python"), ...pip, "--target", site, join(RELEASE, packed)];
      ok(await runCommand(argv, { env: made.env }));
      await works(made, "held", { PYTHONPATH: site });
    });

  it("by a TypeScript program that has the npm package", async () => {
    const made = await example("typescript-plugin", "nodejs");
    const folder = join(made.dir, "node_modules/yciam");
    rmSync(folder, { force: true, recursive: true });
    mkdirSync(folder);
    extract({ file: join(RELEASE, `yciam-${version}.tgz`), cwd: folder, strip: 1, sync: true });
    await works(made, "deployerToken");
  });

  it("by a Java program that has the jar of the Maven repository", async function () {
    const [, jdk, jars] = (await engineFolders("java")) ?? [];
    if (jdk === undefined || jars === undefined) return this.skip();
    const made = await create({ runtime: "java" });
    const folder = `maven/${release.javaPackage.replaceAll(".", "/")}/yciam/${version}`;
    await compileJavaProgram({ jdk, jars }, made.dir, join(RELEASE, folder, `yciam-${version}.jar`));
    await works(made, "token");
  });

  it("by a Go program; its module comes from the module proxy that is released", async function () {
    const [program] = (await engineFolders("goprogram")) ?? [];
    if (program === undefined) return this.skip();
    const made = await create({ runtime: "go" });
    const env = { ...made.env, ...variables(made) };
    ok(await runCommand([join(program, "goprogram"), "up"], { cwd: made.dir, env }));
    expect(await made.stackOutput()).to.have.property("token", "[secret]");
    const go = {
      GOPROXY: `${site.url}/go`,
      GOPATH: join(made.root, "go"),
      GONOSUMDB: "*",
      GOFLAGS: "-modcacherw",
    };
    const download = ["go", "mod", "download", "-json", `${release.goModule}@v${version}`];
    const { stdout } = ok(
      await runCommand(download, { cwd: made.root, env: { ...env, ...go, ...goPath(env) } }),
    );
    const { Dir } = JSON.parse(stdout) as { Dir: string };
    const { LICENSE, ...module } = Object.fromEntries(readTree(Dir));
    expect(LICENSE).to.include("Apache License");
    const sources = Array.from(readTree(join(__dirname, "../../sdk/go"))).filter(([path]) => path[0] !== ".");
    // The program above was built from these.
    expect(module).to.deep.equal(Object.fromEntries(sources));
  });
});

/** A PATH that has the machine's own Go. */
function goPath(env: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: `${env.PATH}:${process.env.PATH}` };
}
