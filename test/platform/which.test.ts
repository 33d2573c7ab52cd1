import { expect } from "chai";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createWhich } from "../../provider/platform/which";
import { folderForEach } from "../support/folders";

describe("platform/which", () => {
  /** Where a program is found on Windows, among those that are there. */
  const onWindows = (program: string, there: readonly string[], env: Record<string, string>) =>
    createWhich({ platform: "win32", env, isProgram: async (path) => there.includes(path) })(program);
  const Path = 'C:\\one;"C:\\Program Files\\two";\\\\server\\share';

  const found: readonly [string, readonly string[], Record<string, string>, string?][] = [
    ["yc", ["C:\\one\\yc.EXE"], { Path }, "C:\\one\\yc.EXE"],
    ["yc", ["C:\\Program Files\\two\\yc.CMD"], { PATH: Path }, "C:\\Program Files\\two\\yc.CMD"],
    ["yc", ["\\\\server\\share\\yc.COM"], { Path }, "\\\\server\\share\\yc.COM"],
    ["yc", ["C:\\one\\yc.JS", "C:\\one\\yc.EXE"], { Path, PathExt: ".JS;.EXE" }, "C:\\one\\yc.JS"],
    ["yc.exe", ["C:\\one\\yc.exe", "C:\\one\\yc.exe.COM"], { Path }, "C:\\one\\yc.exe"],
    ["yc", ["C:\\one\\yc"], { Path }],
    ["yc", ["yc.EXE", ".\\yc.EXE", "bin\\yc.EXE", "\\bin\\yc.EXE"], { Path: "..;.;;bin;\\bin;C:bin" }],
    ["yc", ["yc.EXE"], {}],
    [".\\yc.exe", [".\\yc.exe"], { Path }, ".\\yc.exe"],
    ["C:yc.exe", [], { Path }],
  ];
  for (const [program, there, env, path] of found) {
    it(`I6: takes ${path ?? "nothing"} for ${program} on Windows, where ${there.join(", ")} is there`, async () => {
      expect(await onWindows(program, there, env)).to.equal(path);
    });
  }

  describe("on this system", () => {
    const folder = folderForEach();
    before(function () {
      if (process.platform === "win32") this.skip();
    });

    it("takes the first program on PATH that may be run, and nothing of the current folder", async () => {
      const paths = ["folder", "text", "program", "later"].map((name) => join(folder.path, name));
      const [asFolder = "", asText = "", asProgram = "", later = ""] = paths;
      for (const path of paths) mkdirSync(join(path, "yc"), { recursive: path === asFolder || true });
      for (const path of [asText, asProgram, later]) writeFileSync(join(path, "tool"), "#!/bin/sh\n");
      for (const path of [asProgram, later]) chmodSync(join(path, "tool"), 0o755);
      const which = (program: string, ...folders: string[]) =>
        createWhich({ platform: process.platform, env: { PATH: folders.join(delimiter) } })(program);
      const before = process.cwd();
      process.chdir(asProgram);
      try {
        expect(await which("tool", "", ".", "../program", asFolder, asText)).to.equal(undefined);
        expect(await which("tool", asFolder, asText, later, asProgram)).to.equal(join(later, "tool"));
        expect(await which("yc", ...paths)).to.equal(undefined);
        expect(await which("./tool")).to.equal("./tool");
        expect(await which(join(asText, "tool"), later)).to.equal(undefined);
      } finally {
        process.chdir(before);
      }
    });
  });
});
