import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { ensureEngines } from "./bootstrap";
import { PULUMI } from "./catalog";

/** What npm's wrapper package does once it has the archive: it unpacks under PULUMI_HOME and runs the program. */
const npm = (programs: readonly string[]): string => `#!/bin/sh
echo "$@" > "$FAKES/npm.log"
mkdir -p "$PULUMI_HOME/versions/$PULUMI_VERSION/bin"
cd "$PULUMI_HOME/versions/$PULUMI_VERSION/bin" && touch ${programs.join(" ")}
`;

describe("official pulumi", () => {
  let machine: FakeMachine;
  beforeEach(() => (machine = new FakeMachine()));
  afterEach(() => machine.dispose());

  const online = (): Parameters<typeof ensureEngines>[1] =>
    machine.setting({ downloadsReachable: async () => true });

  it("is downloaded by npm's wrapper package where the internet is, in preference to a build", async () => {
    machine.withGo().program("npm", npm(PULUMI.programs));
    const { pulumi = [] } = await ensureEngines(["pulumi"], online());
    expect(PULUMI.programs.map((name) => existsSync(join(pulumi[0] as string, name)))).to.not.include(false);
    expect(machine.goCalls()).to.deep.equal([]);
  });

  it("leaves nothing in the user's home", async () => {
    machine.program("npm", `${npm(PULUMI.programs)}[ "$npm_config_cache" = "$PULUMI_HOME/npm" ]\n`);
    await ensureEngines(["pulumi"], online());
    expect(existsSync(join(machine.root, "home/.pulumi"))).to.equal(false);
  });

  for (const [what, script] of [
    ["fails", "#!/bin/sh\nexit 1\n"],
    ["is not complete", npm(["pulumi"])],
  ] as const) {
    it(`is built instead when the download ${what}`, async () => {
      machine.withGo().program("npm", script);
      await ensureEngines(["pulumi"], online());
      expect(machine.told).to.include("engines: the official pulumi 3.259.0 could not be downloaded");
      expect(machine.goCalls().filter((call) => call.startsWith("build"))).to.have.length(2);
    });
  }
});
