import { expect } from "chai";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildIsFresh, packagesAreInstalled, recordBuild, sourcesDigest } from "../../scripts/fresh.mjs";
import { folderForEach } from "../support/folders";

describe("what a set-up finds done already", () => {
  const root = folderForEach();
  const path = (name: string) => join(root.path, name);

  function write(name: string, content: unknown): void {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
  }

  const got = (version: string) => ({ packages: { "node_modules/got": { version } } });
  for (const [what, installed, are] of [
    ["without node_modules", undefined, false],
    ["when npm installed these versions, but for what is optional", got("14.6.5"), true],
    ["when one has another version", got("14.6.4"), false],
    ["when one is missing", { packages: {} }, false],
  ] as const) {
    it(`are packages, ${what}: ${are}`, () => {
      const optional = { "node_modules/only-on-windows": { version: "1.0.0", optional: true } };
      write("package-lock.json", {
        packages: { "": { name: "yciam" }, ...got("14.6.5").packages, ...optional },
      });
      if (installed !== undefined) write("node_modules/.package-lock.json", installed);
      expect(packagesAreInstalled(root.path)).to.equal(are);
    });
  }

  for (const [what, change, isFresh] of [
    ["when it was recorded for these sources", () => undefined, true],
    ["when none was recorded", () => rmSync(path("dist/.built")), false],
    [
      "when the plugin is gone",
      () => rmSync(path("build/pulumi-resource-yciam"), { recursive: true }),
      false,
    ],
    ["when the executable is gone", () => rmSync(path("build/yciam")), false],
    ["when a file changed", () => write("provider/core/a.ts", "export const a = 2;"), false],
    ["when a file was added", () => write("emulator/new/b.ts", ""), false],
    [
      "when a file was renamed",
      () => renameSync(path("provider/core/a.ts"), path("provider/core/b.ts")),
      false,
    ],
    ["when a file of the settings changed", () => write("tsconfig.build.json", "other"), false],
  ] as const) {
    it(`is the build, ${what}: ${isFresh}`, () => {
      for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"])
        write(name, {});
      for (const name of [
        "provider/core/a.ts",
        "dist/index.js",
        "build/pulumi-resource-yciam/pulumi-resource-yciam",
        "build/yciam",
      ])
        write(name, "");
      recordBuild(root.path, sourcesDigest(root.path));
      change();
      expect(buildIsFresh(root.path)).to.equal(isFresh);
    });
  }
});
