import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Setting } from "./setting";

/** One Go module of pinned engines: a folder beside this file with a go.mod and a go.sum. */
export interface EngineModule {
  /** The module's folder. */
  readonly name: "pulumi" | "languages" | "tofu";
  /** The programs and files that its `bin` folder holds once complete. */
  readonly files: readonly string[];
  /** The dependency whose version the module is about. */
  readonly pinned: string;
  /** Linker flags: neither program knows its own version without them. */
  readonly ldflags: (version: string) => string;
  /** Files of a dependency that a program needs beside it: the dependency's path to the file. */
  readonly beside: readonly string[];
}

/** The Pulumi engine and the host of YAML programs. */
export const PULUMI: EngineModule = {
  name: "pulumi",
  files: ["pulumi", "pulumi-language-yaml"],
  pinned: "github.com/pulumi/pulumi/pkg/v3",
  ldflags: (version) => `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`,
  beside: [],
};

/** The hosts of Node and Python programs. */
export const LANGUAGES: EngineModule = {
  name: "languages",
  files: ["pulumi-language-nodejs", "pulumi-language-python", "pulumi-language-python-exec"],
  pinned: "github.com/pulumi/pulumi/sdk/v3",
  ldflags: () => "",
  beside: ["python/cmd/pulumi-language-python-exec"],
};

/** OpenTofu. */
export const TOFU: EngineModule = {
  name: "tofu",
  files: ["tofu"],
  pinned: "github.com/opentofu/opentofu",
  ldflags: () => "-s -w -X github.com/opentofu/opentofu/version.dev=no",
  beside: [],
};

/** The version that go.mod pins, with its `v`; an Error when the module does not name it. */
export function pinnedVersion(setting: Setting, module: EngineModule): string {
  const text = readFileSync(join(setting.modulesDir, module.name, "go.mod"), "utf8");
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(`${module.pinned} v`));
  if (!line) throw new Error(`test/engines/${module.name}/go.mod does not name ${module.pinned}`);
  return line.trim().split(" ")[1] as string;
}

/** The cache folder of a module: its name is the digest of all that decides what the programs are. */
export function engineDir(setting: Setting, module: EngineModule): string {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\0${module.ldflags("")}\0`);
  for (const file of ["go.mod", "go.sum"]) {
    hash.update(readFileSync(join(setting.modulesDir, module.name, file))).update("\0");
  }
  return join(setting.cacheDir, "engines", hash.digest("hex").slice(0, 20));
}
