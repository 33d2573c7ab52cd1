import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Setting } from "./setting";

/** A folder beside this file: a go.mod whose `tool` lines name the programs, and a go.sum. */
export interface GoModule {
  /** The module's folder. */
  readonly folder: string;
  /** The dependency whose version the module is about. */
  readonly pinned: string;
  /** Linker flags: some programs do not know their own version without them. */
  readonly ldflags: (version: string) => string;
  /** Files of the pinned dependency, by path in it, that its programs need beside them. */
  readonly beside: readonly string[];
  /** Packages of our own to build in place of those that the `tool` lines name. */
  readonly packages?: readonly string[];
  /** More flags of `go build`; they go with CGO_ENABLED=0, so that no C of a dependency is compiled. */
  readonly flags?: readonly string[];
  /** Folders of our own sources, from the module's folder on: what is built anew when one of their files changes. */
  readonly sources?: readonly string[];
}

/** An engine with all it needs, built into one folder: it looks for its companions beside itself first. */
export interface EngineSet {
  /** The engine's program. */
  readonly name: "pulumi" | "tofu" | "sdkgen" | "goprogram" | "registry" | "kubeclient" | "gosdk" | "bench";
  /** The programs without which the folder is of no use. */
  readonly programs: readonly string[];
  readonly modules: readonly GoModule[];
  /** The oldest version of PATH that will do; a set without it is never looked for there. */
  readonly least?: string;
  /** How long a build takes on two cores, in words. */
  readonly buildTime: string;
}

/** The Pulumi engine and the hosts of YAML, Node and Python programs; these two cannot share a module with it. */
export const PULUMI: EngineSet = {
  name: "pulumi",
  programs: ["pulumi", "pulumi-language-yaml", "pulumi-language-nodejs", "pulumi-language-python"],
  modules: [
    {
      folder: "pulumi",
      pinned: "github.com/pulumi/pulumi/pkg/v3",
      ldflags: (version) => `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
      beside: [],
    },
    {
      folder: "languages",
      pinned: "github.com/pulumi/pulumi/sdk/v3",
      ldflags: () => "",
      beside: ["python/cmd/pulumi-language-python-exec", "nodejs/dist/pulumi-resource-pulumi-nodejs"],
    },
  ],
  // From here on a plugin can be told a preview from an update (`invoke_with_preview`).
  least: "3.206.0",
  buildTime: "about 5 minutes",
};

/** OpenTofu. */
export const TOFU: EngineSet = {
  name: "tofu",
  programs: ["tofu"],
  modules: [
    {
      folder: "tofu",
      pinned: "github.com/opentofu/opentofu",
      ldflags: () => "-s -w -X github.com/opentofu/opentofu/version.dev=no",
      beside: [],
    },
  ],
  // The first one with ephemeral resources.
  least: "1.11.0",
  buildTime: "3 to 9 minutes",
};

/** Pulumi's generators of SDKs, and the host of Java programs, which comes from one module with that for Java. */
export const SDKGEN: EngineSet = {
  name: "sdkgen",
  programs: ["sdkgen", "pulumi-language-java"],
  modules: [
    {
      folder: "sdks",
      pinned: "github.com/pulumi/pulumi/pkg/v3",
      ldflags: () => "-s -w",
      beside: [],
      packages: ["./sdkgen", "tool"],
      sources: ["sdkgen"],
    },
  ],
  buildTime: "about 2 minutes",
};

/** A program that uses the generated Go SDK, as a user's own would. */
export const GO_PROGRAM: EngineSet = {
  name: "goprogram",
  programs: ["goprogram"],
  modules: [
    {
      folder: "goprogram",
      pinned: "github.com/pulumi/pulumi/sdk/v3",
      ldflags: () => "-s -w",
      beside: [],
      packages: ["."],
      sources: [".", "../../../sdk/go"],
    },
  ],
  buildTime: "about a minute",
};

/** An image registry and its clients: crane, and a program of the library that skopeo, podman and buildah are made of. */
export const REGISTRY: EngineSet = {
  name: "registry",
  programs: ["registry", "crane", "imagecopy"],
  modules: [
    {
      folder: "registry",
      pinned: "github.com/distribution/distribution/v3",
      ldflags: () => "-s -w",
      beside: [],
      packages: ["tool", "./imagecopy"],
      flags: ["-tags", "containers_image_openpgp,containers_image_storage_stub"],
      sources: ["imagecopy"],
    },
  ],
  buildTime: "about 2 minutes",
};

/** A program on client-go, which asks an API server. */
export const KUBE_CLIENT: EngineSet = {
  name: "kubeclient",
  programs: ["kubeclient"],
  modules: [
    {
      folder: "clients",
      pinned: "k8s.io/client-go",
      ldflags: () => "-s -w",
      beside: [],
      packages: ["./kubeclient"],
      sources: ["kubeclient"],
    },
  ],
  buildTime: "less than a minute",
};

/** Programs that use Yandex's own SDKs for Go, the first and the second, which cannot share a module. */
export const GO_SDK: EngineSet = {
  name: "gosdk",
  programs: ["gosdk1", "gosdk2"],
  modules: ["github.com/yandex-cloud/go-sdk", "github.com/yandex-cloud/go-sdk/v2"].map((pinned, index) => ({
    folder: `yandexclients/gosdk${index + 1}`,
    pinned,
    ldflags: () => "-s -w",
    beside: [],
    packages: ["."],
    sources: ["."],
  })),
  buildTime: "about 2 minutes",
};

function readModuleFile(setting: Setting, module: GoModule, file: "go.mod" | "go.sum"): string {
  return readFileSync(join(setting.modulesDir, module.folder, file), "utf8");
}

/** The version that go.mod pins, with its `v`; an Error when the module does not name it. */
export function pinnedVersion(setting: Setting, module: GoModule): string {
  const lines = readModuleFile(setting, module, "go.mod").split("\n");
  // A module with one dependency of its own has it on the line of `require`.
  const names = lines.map((line) => line.replace(/^require /, "").trim());
  const line = names.find((candidate) => candidate.startsWith(`${module.pinned} v`));
  if (!line) throw new Error(`test/engines/${module.folder}/go.mod does not name ${module.pinned}`);
  return line.split(" ")[1] as string;
}

/** The version of the engine itself: that of its first module. */
export function engineVersion(setting: Setting, set: EngineSet): string {
  return pinnedVersion(setting, set.modules[0] as GoModule);
}

/** The cache folder of an engine: its name is the digest of all that decides what is in it. */
export function engineDir(setting: Setting, set: EngineSet): string {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const module of set.modules) {
    hash.update(`\0${module.ldflags("")} ${module.beside.join(" ")}`);
    hash.update(
      `\0${readModuleFile(setting, module, "go.mod")}\0${readModuleFile(setting, module, "go.sum")}`,
    );
    for (const flag of module.flags ?? []) hash.update(`\0${flag}`);
    for (const source of module.sources ?? [])
      hashFolder(hash, join(setting.modulesDir, module.folder, source));
  }
  return join(setting.cacheDir, "engines", hash.digest("hex").slice(0, 20));
}

function hashFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const path of entries.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(`\0${path.slice(folder.length)}\0`).update(readFileSync(path));
}
