import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FakeMachine } from "../support/engine-fakes";
import { ensureEngines } from "./bootstrap";

/** A python3 whose `venv` makes a folder with a python in it, which runs `pip`. */
const python = (pip: string): string => `#!/bin/sh
echo "$@" >> "$FAKES/python.log"
[ "$2" = venv ] || exit 1
mkdir -p "$3/bin" && printf '#!/bin/sh\\n${pip}\\n' > "$3/bin/python" && chmod +x "$3/bin/python"
`;

describe("Python environment", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
    machine.write("modules/python/requirements.txt", "pulumi==3.259.0\n");
    machine.env.PATH = `${machine.root}/bin`;
  });
  afterEach(() => machine.dispose());

  function withTools(): void {
    machine.env.PATH = `${machine.root}/bin:/usr/bin:/bin`;
  }

  it("is made once and then found", async () => {
    withTools();
    machine.program("python3", python("exit 0"));
    const { python: first } = await ensureEngines(["python"], machine.setting());
    machine.program("python3", "#!/bin/sh\nexit 1\n");
    expect(await ensureEngines(["python"], machine.setting())).to.deep.equal({ python: first });
    expect(existsSync(join(first?.[0] as string, "python"))).to.equal(true);
  });

  it("is absent, with the reason, where there is no Python", async () => {
    expect(await ensureEngines(["python"], machine.setting())).to.deep.equal({});
    expect(machine.told.at(-1)).to.equal("engines: no Python, its tests are skipped: no python3 on PATH");
  });

  it("is absent, with what pip said, where the packages cannot be had, and is tried again", async () => {
    withTools();
    machine.program("python3", python("echo no such package >&2; exit 1"));
    expect(await ensureEngines(["python"], machine.setting())).to.deep.equal({});
    expect(machine.told.at(-1)).to.match(/its tests are skipped: -m pip install failed: no such package$/);
    machine.program("python3", python("exit 0"));
    expect(await ensureEngines(["python"], machine.setting())).to.have.property("python");
  });
});
