import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { failureOf } from "../support/failure";
import { ensureEngines } from "./bootstrap";
import { engineDir, engineVersion, PULUMI, TOFU } from "./catalog";
import { settingOf } from "./setting";

/** What npm's wrapper package does once it has the archive: it unpacks under PULUMI_HOME and runs the program. */
const npm = (programs: readonly string[]): string => `#!/bin/sh
mkdir -p "$PULUMI_HOME/versions/$PULUMI_VERSION/bin"
cd "$PULUMI_HOME/versions/$PULUMI_VERSION/bin" && touch ${programs.join(" ")}
[ "$npm_config_cache" = "$PULUMI_HOME/npm" ]
`;

/** A python3 whose `venv` makes a folder with a python in it, which runs `pip`. */
const python3 = (pip: string): string => `#!/bin/sh
[ "$2" = venv ] || exit 1
mkdir -p "$3/bin" && printf '#!/bin/sh\\n${pip}\\n' > "$3/bin/python" && chmod +x "$3/bin/python"
`;

describe("engine bootstrap", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine()));
  afterEach(() => machine.dispose());

  const ensure = (...groups: Parameters<typeof ensureEngines>[0]) => ensureEngines(groups, machine.setting());
  const builds = (): string[] => machine.goCalls().filter((call) => call.startsWith("build"));
  const cached = (): string[] => {
    const folder = join(machine.root, "cache/yciam/engines");
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it("builds an engine and its language hosts into one folder of the cache", async () => {
    machine.withGo();
    const { pulumi = [] } = await ensure("pulumi");
    expect(pulumi).to.deep.equal([join(engineDir(settingOf(machine.setting()), PULUMI), "bin")]);
    const beside = ["pulumi-language-python-exec", "pulumi-resource-pulumi-nodejs"];
    expect(readdirSync(pulumi[0] as string)).to.have.members([...PULUMI.programs, ...beside]);
    expect(cached(), "nothing unfinished is left").to.have.length(1);
    expect(builds()[0]).to.contain("common/version.Version=v3.259.0");
  });

  it("does nothing the second time, without Go and without a network", async () => {
    machine.withGo();
    await ensure("pulumi", "tofu");
    const calls = machine.goCalls().length;
    machine.env.PATH = "/nowhere";
    const downloadsReachable = () => Promise.reject(new Error("asked for the network"));
    const again = await ensureEngines(["pulumi", "tofu"], machine.setting({ downloadsReachable }));
    expect(again).to.have.keys("pulumi", "tofu");
    expect(machine.goCalls()).to.have.length(calls);
  });

  it("builds anew when a pinned version changes, and keeps the former for other checkouts", async () => {
    machine.withGo();
    await ensure("tofu");
    writeFileSync(join(machine.root, "modules/tofu/go.sum"), "another\n");
    await ensure("tofu");
    expect(builds()).to.have.length(2);
    expect(cached()).to.have.length(2);
  });

  it("builds what is in the cache but not complete", async () => {
    const folder = engineDir(settingOf(machine.setting()), TOFU);
    machine.withGo().write(`${folder.slice(machine.root.length + 1)}/README`, "half");
    const { tofu = [] } = await ensure("tofu");
    expect(existsSync(join(tofu[0] as string, "tofu"))).to.equal(true);
  });

  it("leaves no engine behind when the build fails, and shows what Go said", async () => {
    machine.program(
      "go",
      '#!/bin/sh\n[ "$1" = env ] && echo "{}" && exit\necho "no such module" >&2\nexit 1\n',
    );
    expect((await failureOf(ensure("tofu"))).message).to.match(
      /go build failed in test\/engines\/tofu:\nno such module/,
    );
    expect(cached()).to.deep.equal([]);
  });

  for (const [what, version, taken] of [
    ["is new enough", "echo OpenTofu v1.13.0", "1.13.0"],
    ["is the oldest that will do", "echo v1.11.0", "1.11.0"],
    ["is too old", "echo OpenTofu v1.9.99", undefined],
    ["prints no version", "echo hello", undefined],
    ["fails", "echo v1.13.0; exit 1", undefined],
    ["keeps away from the user's home", '[ "$HOME" != "$FAKES/home" ] && echo v1.13.0', "1.13.0"],
  ] as const) {
    it(`${taken ? "prefers" : "leaves"} an engine of PATH that ${what}`, async () => {
      machine.withGo().program("tofu", `#!/bin/sh\n${version}\n`);
      const { tofu } = await ensure("tofu");
      expect(builds()).to.have.length(taken ? 0 : 1);
      if (taken === undefined) return;
      expect(tofu).to.deep.equal([`${machine.root}/bin`]);
      expect(machine.told).to.deep.equal([`engines: tofu ${taken} of PATH is used`]);
    });
  }

  it("leaves a pulumi of PATH without its language hosts, or that cannot be run", async () => {
    machine.withGo().program("pulumi", "#!/bin/sh\necho v3.300.1\n");
    machine.write("bin/tofu", "#!/bin/sh\necho v1.13.0\n");
    await ensure("pulumi", "tofu");
    expect(builds()).to.have.length(3);
    PULUMI.programs.slice(1).forEach((name) => machine.program(name, "#!/bin/sh\n"));
    expect(await ensure("pulumi")).to.deep.equal({ pulumi: [`${machine.root}/bin`] });
  });

  for (const [name, least, download] of [
    ["pulumi", "3.206.0", ", or an internet connection that reaches get.pulumi.com"],
    ["tofu", "1.11.0", ""],
  ] as const) {
    it(`says in one sentence what to bring when there is no way to get ${name}`, async () => {
      expect((await failureOf(ensure(name))).message).to.equal(
        `There is no ${name} on this machine and no way to get one: bring ${name} ${least} or newer on PATH` +
          `${download}, or Go 1.26 with a module proxy to build it from.`,
      );
    });
  }

  it("keeps Go's downloads inside the cache folder where the user has no Go caches, and drops them afterwards", async () => {
    machine.withGo().write("elsewhere/source", "");
    machine.env.FAKES = `${machine.root}/elsewhere`;
    await ensure("tofu");
    const env = readFileSync(join(machine.root, "elsewhere/go.env"), "utf8");
    const folders = { GOMODCACHE: "mod", GOCACHE: "build", XDG_CONFIG_HOME: "config" };
    for (const [name, folder] of Object.entries(folders))
      expect(env).to.contain(`${name}=${machine.root}/cache/yciam/go/${folder}`);
    expect(existsSync(join(machine.root, "cache/yciam/go"))).to.equal(false);
  });

  it("leaves Go's own caches and settings as they are where the user has them", async () => {
    machine.withGo().write("home/.config/go/env", "");
    await ensure("tofu");
    expect(readFileSync(join(machine.root, "go.env"), "utf8")).not.to.match(/GOMODCACHE|GOCACHE|XDG_CONFIG/);
  });

  it("finds the versions in the pinned modules themselves, and names a module that pins none", () => {
    expect([PULUMI, TOFU].map((set) => engineVersion(settingOf(), set))).to.deep.equal([
      "v3.259.0",
      "v1.12.6",
    ]);
    machine.write("modules/tofu/go.mod", "module test\n");
    expect(() => engineVersion(settingOf(machine.setting()), TOFU)).to.throw(
      "test/engines/tofu/go.mod does not name github.com/opentofu/opentofu",
    );
  });

  for (const [what, script, isTaken] of [
    ["taken, in preference to a build, and leaves nothing in the user's home", npm(PULUMI.programs), true],
    ["built instead when the download fails", "#!/bin/sh\nexit 1\n", false],
    ["built instead when the download is not complete", npm(["pulumi"]), false],
  ] as const) {
    it(`has the official pulumi ${what}`, async () => {
      machine.withGo().program("npm", script);
      const online = machine.setting({ downloadsReachable: async () => true });
      const { pulumi = [] } = await ensureEngines(["pulumi"], online);
      expect(readdirSync(pulumi[0] as string)).to.include.members([...PULUMI.programs]);
      expect(builds()).to.have.length(isTaken ? 0 : 2);
      expect(existsSync(join(machine.root, "home/.pulumi"))).to.equal(false);
      const told = "engines: the official pulumi 3.259.0 could not be downloaded";
      expect(machine.told.includes(told)).to.equal(!isTaken);
    });
  }

  it("makes a Python environment once, tries again after a failure, and says why there is none", async () => {
    machine.write("modules/python/requirements.txt", "pulumi==3.259.0\n");
    machine.env.PATH = `${machine.root}/bin`;
    expect(await ensure("python")).to.deep.equal({});
    expect(machine.told.at(-1)).to.match(/no Python with pulumi, its tests are skipped: no python3 on PATH$/);
    machine.env.PATH = `${machine.root}/bin:/usr/bin:/bin`;
    machine.program("python3", python3("echo no such package >&2; exit 1"));
    expect(await ensure("python")).to.deep.equal({});
    expect(machine.told.at(-1)).to.match(/its tests are skipped: -m pip install failed: no such package$/);
    machine.program("python3", python3("exit 0"));
    const { python } = await ensure("python");
    machine.program("python3", "#!/bin/sh\nexit 1\n");
    expect(await ensure("python")).to.deep.equal({ python });
    expect(existsSync(join(python?.[0] as string, "python"))).to.equal(true);
  });

  it("installs clients in Node once, tries again after a failure, and says why there are none", async () => {
    for (const file of ["package.json", "package-lock.json"]) machine.write(`modules/npm/${file}`, "{}");
    machine.program("npm", "#!/bin/sh\necho no such package >&2; exit 1\n");
    expect(await ensure("npm")).to.deep.equal({});
    expect(machine.told.at(-1)).to.match(/their tests are skipped: npm ci failed: no such package$/);
    machine.program("npm", "#!/bin/sh\nmkdir node_modules && touch node_modules/.package-lock.json\n");
    const { npm: folders = [] } = await ensure("npm");
    machine.env.PATH = "/nowhere";
    expect(await ensure("npm")).to.deep.equal({ npm: folders });
    expect(readdirSync(folders[0] as string)).to.have.members([
      "node_modules",
      "package.json",
      "package-lock.json",
    ]);
  });
});
