import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { compareVersions, foldersOnPath, which } from "./on-path";

describe("engines of PATH", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine()));
  afterEach(() => machine.dispose());

  const versions: [string, string, "older" | "same" | "newer"][] = [
    ["v3.259.0", "3.259.0", "same"],
    ["3.99.0", "3.206.0", "older"],
    ["4.0.0", "3.206.9", "newer"],
    ["3.206.1", "3.206.0", "newer"],
    ["1.11.4-beta1", "1.11.4", "same"],
    ["nothing", "0.0.0", "older"],
  ];
  for (const [left, right, verdict] of versions) {
    it(`finds ${left} ${verdict} than ${right}`, () => {
      const sign = Math.sign(compareVersions(left, right));
      expect(["older", "same", "newer"][sign + 1]).to.equal(verdict);
    });
  }

  it("passes over a file that cannot be run", () => {
    machine.write("bin/pulumi", "#!/bin/sh\n");
    expect(which("pulumi", machine.env)).to.equal(undefined);
  });

  it("takes an engine that is new enough and has its companions", async () => {
    machine.program("pulumi", "#!/bin/sh\necho v3.300.1\n");
    machine.program("pulumi-language-nodejs", "#!/bin/sh\n");
    const found = await foldersOnPath(machine.env, "pulumi", "3.206.0", ["pulumi-language-nodejs"]);
    expect(found).to.deep.equal({ folders: [`${machine.root}/bin`], version: "3.300.1" });
  });

  it("leaves an engine without its companions", async () => {
    machine.program("pulumi", "#!/bin/sh\necho v3.300.1\n");
    expect(await foldersOnPath(machine.env, "pulumi", "3.206.0", ["pulumi-language-nodejs"])).to.equal(
      undefined,
    );
  });

  for (const [what, script] of [
    ["is too old", "echo v3.205.9"],
    ["prints no version", "echo hello"],
    ["fails", "echo v3.300.0; exit 1"],
  ] as const) {
    it(`leaves an engine that ${what}`, async () => {
      machine.program("tofu", `#!/bin/sh\n${script}\n`);
      expect(await foldersOnPath(machine.env, "tofu", "3.206.0")).to.equal(undefined);
    });
  }

  it("asks for the version without touching the user's home", async () => {
    machine.program("pulumi", `#!/bin/sh\n[ "$HOME" != "${machine.root}/home" ] && echo v3.300.0\n`);
    expect(await foldersOnPath(machine.env, "pulumi", "3.0.0")).to.have.property("version", "3.300.0");
  });
});
