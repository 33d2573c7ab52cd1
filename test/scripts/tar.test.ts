import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archive } from "../../scripts/tar.mjs";

describe("archives", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "yciam-tar-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const fill = (folder: string, files: Record<string, string>) => {
    execFileSync("mkdir", ["-p", folder]);
    Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
    return folder;
  };
  const FILES = {
    "run.sh": "#!/bin/sh\necho hi\n",
    "a.txt": "x".repeat(512),
    "empty.txt": "",
    "b.bin": "y".repeat(1300),
  };

  it("are opened by tar, with their programs still programs", () => {
    const packed = join(root, "packed.tar.gz");
    writeFileSync(packed, archive(fill(join(root, "in"), FILES), ["run.sh"]));
    const out = fill(join(root, "out"), {});
    execFileSync("tar", ["-xzf", packed, "-C", out]);
    for (const [name, text] of Object.entries(FILES)) {
      expect(readFileSync(join(out, name), "utf8"), name).to.equal(text);
      expect(statSync(join(out, name)).mode & 0o111, name).to.equal(name === "run.sh" ? 0o111 : 0);
    }
  });

  it("are the same, whatever the files' times and the order they were written in", () => {
    const first = fill(join(root, "first"), FILES);
    const second = fill(join(root, "second"), Object.fromEntries(Object.entries(FILES).reverse()));
    utimesSync(join(second, "a.txt"), 1, 1);
    expect(archive(first, []).equals(archive(second, []))).to.equal(true);
    expect(archive(first, []).equals(archive(first, ["run.sh"]))).to.equal(false);
  });

  it("refuse a name that their format cannot hold", () => {
    const folder = fill(join(root, "long"), { ["n".repeat(101)]: "" });
    expect(() => archive(folder, [])).to.throw(/too long a name/);
  });
});
