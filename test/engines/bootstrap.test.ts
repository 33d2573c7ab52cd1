import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { ensureEngines } from "./bootstrap";
import { engineDir, engineVersion, PULUMI, TOFU } from "./catalog";
import { settingOf } from "./setting";

const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error("it was expected to fail")),
    (error: Error) => error,
  );

describe("engine bootstrap", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine()));
  afterEach(() => machine.dispose());

  const builds = (): string[] => machine.goCalls().filter((call) => call.startsWith("build"));
  const enginesDir = (): string => join(machine.root, "cache/yciam/engines");

  it("builds an engine and its language hosts into one folder of the cache", async () => {
    const { pulumi = [] } = await ensureEngines(["pulumi"], machine.withGo().setting());
    const setting = settingOf(machine.setting());
    expect(pulumi).to.deep.equal([join(engineDir(setting, PULUMI), "bin")]);
    expect(readdirSync(pulumi[0] as string)).to.have.members([
      ...PULUMI.programs,
      "pulumi-language-python-exec",
      "pulumi-resource-pulumi-nodejs",
    ]);
    expect(readdirSync(enginesDir()), "nothing unfinished is left").to.have.length(1);
    expect(builds()[0]).to.contain("common/version.Version=v3.259.0");
  });

  it("does nothing the second time, without Go and without a network", async () => {
    await ensureEngines(["pulumi", "tofu"], machine.withGo().setting());
    const calls = machine.goCalls().length;
    const offline = machine.setting({
      env: { ...machine.env, PATH: "/nowhere" },
      downloadsReachable: () => Promise.reject(new Error("asked for the network")),
    });
    expect(await ensureEngines(["pulumi", "tofu"], offline)).to.have.keys("pulumi", "tofu");
    expect(machine.goCalls()).to.have.length(calls);
  });

  it("builds anew when a pinned version changes, and keeps the former for other checkouts", async () => {
    await ensureEngines(["tofu"], machine.withGo().setting());
    writeFileSync(join(machine.root, "modules/tofu/go.sum"), "another\n");
    await ensureEngines(["tofu"], machine.setting());
    expect(builds()).to.have.length(2);
    expect(readdirSync(enginesDir())).to.have.length(2);
  });

  it("builds what is in the cache but not complete", async () => {
    machine.withGo().write(`cache/yciam/engines/${nameOf()}/README`, "half");
    const { tofu = [] } = await ensureEngines(["tofu"], machine.setting());
    expect(existsSync(join(tofu[0] as string, "tofu"))).to.equal(true);
  });
  const nameOf = (): string => engineDir(settingOf(machine.setting()), TOFU).split("/").at(-1) as string;

  it("leaves no engine behind when the build fails, and shows what Go said", async () => {
    machine
      .withGo()
      .program("go", '#!/bin/sh\n[ "$1" = env ] && echo "{}" && exit\necho "no such module" >&2\nexit 1\n');
    const error = await failure(ensureEngines(["tofu"], machine.setting()));
    expect(error.message).to.match(/go .* failed in test\/engines\/tofu/);
    expect(existsSync(enginesDir()) ? readdirSync(enginesDir()) : []).to.deep.equal([]);
  });

  it("prefers an engine of PATH that is new enough", async () => {
    machine.withGo().program("tofu", "#!/bin/sh\necho OpenTofu v1.13.0\n");
    expect(await ensureEngines(["tofu"], machine.setting())).to.deep.equal({ tofu: [`${machine.root}/bin`] });
    expect(builds()).to.deep.equal([]);
    expect(machine.told).to.deep.equal(["engines: tofu 1.13.0 of PATH is used"]);
  });

  it("builds when the engine of PATH is too old", async () => {
    machine.withGo().program("tofu", "#!/bin/sh\necho OpenTofu v1.10.9\n");
    await ensureEngines(["tofu"], machine.setting());
    expect(builds()).to.have.length(1);
  });

  it("says in one sentence what to bring when there is no way to get pulumi", async () => {
    const error = await failure(ensureEngines(["pulumi"], machine.setting()));
    expect(error.message).to.equal(
      "There is no pulumi on this machine and no way to get one: bring pulumi 3.206.0 or newer on PATH, or an " +
        "internet connection that reaches get.pulumi.com, or Go 1.26 with a module proxy to build it from.",
    );
  });

  it("says the same for tofu, which cannot be downloaded", async () => {
    const error = await failure(ensureEngines(["tofu"], machine.setting()));
    expect(error.message).to.equal(
      "There is no tofu on this machine and no way to get one: bring tofu 1.11.0 or newer on PATH, " +
        "or Go 1.26 with a module proxy to build it from.",
    );
  });

  it("keeps Go's downloads inside the cache folder where the user has no Go caches, and drops them afterwards", async () => {
    const own = machine.setting({ env: { ...machine.env, FAKES: `${machine.root}/elsewhere` } });
    machine.withGo().write("elsewhere/source", "");
    await ensureEngines(["tofu"], own);
    const env = readFileSync(join(machine.root, "elsewhere/go.env"), "utf8");
    expect(env).to.contain(`GOMODCACHE=${machine.root}/cache/yciam/go/mod`);
    expect(env).to.contain(`GOCACHE=${machine.root}/cache/yciam/go/build`);
    expect(env).to.contain(`XDG_CONFIG_HOME=${machine.root}/cache/yciam/go/config`);
    expect(existsSync(join(machine.root, "cache/yciam/go"))).to.equal(false);
  });

  it("leaves Go's own caches and settings as they are where the user has them", async () => {
    machine.withGo().write("home/.config/go/env", "");
    await ensureEngines(["tofu"], machine.setting());
    expect(readFileSync(join(machine.root, "go.env"), "utf8")).not.to.match(
      /GOMODCACHE|GOCACHE|XDG_CONFIG_HOME/,
    );
  });

  it("names a module that does not pin what it is about", () => {
    machine.write("modules/tofu/go.mod", "module test\n");
    expect(() => engineVersion(settingOf(machine.setting()), TOFU)).to.throw(
      "test/engines/tofu/go.mod does not name github.com/opentofu/opentofu",
    );
  });

  it("finds the versions in the pinned modules themselves", () => {
    expect([PULUMI, TOFU].map((set) => engineVersion(settingOf(), set))).to.deep.equal([
      "v3.259.0",
      "v1.12.6",
    ]);
  });
});
