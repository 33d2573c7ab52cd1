import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archive } from "../../scripts/artefacts/tar.mjs";
import { folderForEach } from "../support/folders";

const FILES = { "run.sh": "#!/bin/sh\necho hi\n", "a.txt": "x".repeat(512), "empty.txt": "", "b.bin": "yz" };

describe("archives", () => {
  const root = folderForEach();

  function fill(name: string, files: readonly [string, string][] = []): string {
    const folder = join(root.path, name);
    mkdirSync(folder);
    files.forEach(([file, text]) => writeFileSync(join(folder, file), text));
    return folder;
  }

  it("are opened by tar, with their programs still programs", () => {
    const [packed, out] = [join(root.path, "packed.tar.gz"), fill("out")];
    writeFileSync(packed, archive(fill("in", Object.entries(FILES)), ["run.sh"]));
    execFileSync("tar", ["-xzf", packed, "-C", out]);
    for (const [name, text] of Object.entries(FILES)) {
      expect(readFileSync(join(out, name), "utf8"), name).to.equal(text);
      expect(statSync(join(out, name)).mode & 0o111, name).to.equal(name === "run.sh" ? 0o111 : 0);
    }
  });

  it("are the same, whatever the files' times, modes, and the order they were written in", () => {
    const first = fill("first", Object.entries(FILES));
    const second = fill("second", Object.entries(FILES).reverse());
    utimesSync(join(second, "a.txt"), 1, 1);
    execFileSync("chmod", ["700", join(second, "b.bin")]);
    expect(archive(first, []).equals(archive(second, []))).to.equal(true);
    expect(archive(first, []).equals(archive(first, ["run.sh"]))).to.equal(false);
  });
});
