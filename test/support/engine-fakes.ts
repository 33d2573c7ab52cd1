import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Setting } from "../engines/setting";
import { killMarked } from "./engine-processes";

/** What each pinned module names, and the programs that are built from it. */
const MODULES = {
  pulumi: ["github.com/pulumi/pulumi/pkg/v3 v3.259.0", "pulumi pulumi-language-yaml"],
  languages: ["github.com/pulumi/pulumi/sdk/v3 v3.68.0", "pulumi-language-nodejs pulumi-language-python"],
  tofu: ["github.com/opentofu/opentofu v1.12.6", "tofu"],
};
const BESIDE = ["python/cmd/pulumi-language-python-exec", "nodejs/dist/pulumi-resource-pulumi-nodejs"];
const CASES = Object.entries(MODULES).map(([module, [, programs]]) => `${module}) programs="${programs}" ;;`);

/** A `go` that logs its arguments and makes one-line programs; the module's folder tells which. */
const GO = `#!/bin/sh
echo "$@" >> "$FAKES/go.log"
case "$1" in
env) echo "{\\"GOMODCACHE\\":\\"$FAKES/mod\\",\\"GOCACHE\\":\\"$FAKES/gocache\\",\\"GOFLAGS\\":\\"\\"}" ;;
list) echo "$FAKES/source" ;;
build)
  mkdir -p "$3"
  case "$(basename "$PWD")" in
${CASES.join("\n")}
  esac
  env > "$FAKES/go.env"
  for program in $programs; do echo '#!/bin/sh' > "$3/$program"; sleep "\${FAKE_BUILD_SECONDS:-0}"; done ;;
esac
`;

/** A machine of a test's own: a PATH of scripts that stand for real programs, a home, a cache, small pinned modules. */
export class FakeMachine {
  /** Everything is under it. */
  readonly root = mkdtempSync(join(tmpdir(), "yciam-machine-"));
  /** The lines of progress told so far. */
  readonly told: string[] = [];
  /** The environment of its processes. */
  readonly env: Record<string, string> = {
    PATH: `${this.root}/bin:/usr/bin:/bin`,
    HOME: `${this.root}/home`,
    XDG_CACHE_HOME: `${this.root}/cache`,
    FAKES: this.root,
  };

  constructor() {
    ["bin", "home", "mod", "gocache"].forEach((folder) => mkdirSync(join(this.root, folder)));
    BESIDE.forEach((file) => this.write(`source/${file}`, "#!/bin/sh\n"));
    Object.entries(MODULES).forEach(([module, [pin]]) => {
      this.write(`modules/${module}/go.mod`, `module test\nrequire (\n\t${pin} // indirect\n)\n`);
      this.write(`modules/${module}/go.sum`, `${pin} h1:x\n`);
    });
  }

  /** Writes a file below the root. */
  write(path: string, text: string): string {
    const file = join(this.root, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Puts a program on PATH. */
  program(name: string, script: string): void {
    chmodSync(this.write(`bin/${name}`, script), 0o755);
  }

  /** Puts a `go` on PATH that takes no time and makes what is asked of it. */
  withGo(): this {
    this.program("go", GO);
    return this;
  }

  /** The arguments of each call of `go`, one call a string. */
  goCalls(): string[] {
    const log = join(this.root, "go.log");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  }

  /** What the bootstrap is handed to work on this machine. */
  setting(overrides: Partial<Setting> = {}): Partial<Setting> {
    const report = (step: string, text: string): void => void this.told.push(`${step}: ${text}`);
    return {
      env: this.env,
      cacheDir: join(this.root, "cache/yciam"),
      modulesDir: join(this.root, "modules"),
      report,
      during: async (step, text, work) => (report(step, text), work()),
      downloadsReachable: async () => false,
      ...overrides,
    };
  }

  /** Ends what still runs on it and removes it from the disk. */
  dispose(): void {
    killMarked(`FAKES=${this.root}`);
    rmSync(this.root, { recursive: true, force: true });
  }
}
