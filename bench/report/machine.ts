import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { bareEnvironment, engineFolders } from "../../test/support/engine-env";
import { runCommand } from "../../test/support/run-command";
import { inside, type World } from "../world";

const BENCH = join(__dirname, "..");

/** One line of what was measured where, and one of the versions. */
export async function machineOf(world: World): Promise<string> {
  const [{ model = "" } = {}] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores (${model.trim()}), ${memory} GB, ${type()} ${release()} ${arch()}`;
  const versions = [...pinned(), ...(await asked(world))];
  return `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}.\n\nVersions: ${versions.join(", ")}.`;
}

/** What files here say. */
function pinned(): string[] {
  const inFile = (file: string, name: string, pattern: RegExp) =>
    `${name} ${pattern.exec(readFileSync(join(BENCH, file), "utf8"))?.[1] ?? "?"}`;
  return [
    inFile("../package.json", "yciam", /"version": "(.*?)"/),
    inFile("peers/node/package.json", "Node SDK", /nodejs-sdk": "(.*?)"/),
    inFile("peers/python/requirements.txt", "Python SDK", /==(.*)/),
    inFile("peers/gosdk1/go.mod", "go-sdk", /go-sdk v(\S+)/),
    inFile("peers/gosdk2/go.mod", "go-sdk/v2", /go-sdk\/v2 v(\S+)/),
    inFile("peers/go/go.mod", "terraform-plugin-framework", /terraform-plugin-framework v(\S+)/),
  ];
}

/** What programs say. */
async function asked(world: World): Promise<string[]> {
  const path = (program: ReturnType<typeof inside>) => ("path" in program ? program.path : "");
  const folders = await Promise.all((["tofu", "terraform", "pulumi"] as const).map(engineFolders));
  const go = (process.env["PATH"] ?? "").split(":");
  const env = bareEnvironment(world.folder("versions"), [...folders.flatMap((found) => found ?? []), ...go]);
  const programs: Readonly<Record<string, readonly string[]>> = {
    Node: [process.execPath, "--version"],
    "and Node": [path(inside(world.peers.node24, "node")), "--version"],
    Go: ["go", "version"],
    Python: [path(inside(world.peers.python, "bin/python")), "--version"],
    OpenTofu: ["tofu", "version"],
    Terraform: ["terraform", "version"],
    Pulumi: ["pulumi", "version"],
  };
  const ask = async ([name, argv]: [string, readonly string[]]): Promise<string> => {
    const said = await runCommand(argv, { env }).catch(() => ({ stdout: "" }));
    return `${name} ${/\d+\.\d+\.\d+/.exec(said.stdout)?.[0] ?? "absent"}`;
  };
  return Promise.all(Object.entries(programs).map(ask));
}
