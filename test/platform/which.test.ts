import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  ];
  for (const [program, there, env, path] of found) {
    it(`I6: takes ${path ?? "nothing"} for ${program} on Windows, where ${there.join(", ")} is there`, async () => {
      expect(await onWindows(program, there, env)).to.equal(path);
    });
  }

  const folder = folderForEach();
  it("takes the first program on PATH that may be run here, and nothing of the current folder", async function () {
    if (process.platform === "win32") this.skip();
    const [asFolder = "", asText = "", one = "", two = ""] = ["a", "b", "c", "d"].map((name) => {
      mkdirSync(join(folder.path, name));
      return join(folder.path, name);
    });
    mkdirSync(join(asFolder, "tool"));
    for (const path of [asText, one, two])
      writeFileSync(join(path, "tool"), "", { mode: path === asText ? 0o644 : 0o755 });
    const which = (program: string, ...folders: string[]) =>
      createWhich({ platform: process.platform, env: { PATH: folders.join(":") } })(program);
    const before = process.cwd();
    process.chdir(one);
    try {
      expect(await which("tool", "", ".", "../d", asFolder, asText)).to.equal(undefined);
      expect(await which("tool", asFolder, asText, two, one)).to.equal(join(two, "tool"));
      expect(await which("./tool")).to.equal("./tool");
      // Whoever runs it is told that it may not be run.
      expect(await which(join(asText, "tool"), two)).to.equal(join(asText, "tool"));
    } finally {
      process.chdir(before);
    }
  });
});
