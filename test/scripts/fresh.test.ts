import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { buildIsFresh, packagesAreInstalled, recordBuild, sourcesDigest } from "../../scripts/fresh.mjs";

describe("what a set-up finds done already", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "yciam-fresh-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, content: unknown): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }

  describe("packages", () => {
    const lock = {
      packages: {
        "": { name: "yciam" },
        "node_modules/got": { version: "14.6.5" },
        "node_modules/only-on-windows": { version: "1.0.0", optional: true },
      },
    };
    const installed = (packages: object): void => write("node_modules/.package-lock.json", { packages });

    beforeEach(() => write("package-lock.json", lock));

    it("are not there without node_modules", () => {
      expect(packagesAreInstalled(root)).to.equal(false);
    });

    it("are there when npm installed these versions, but for what is optional", () => {
      installed({ "node_modules/got": { version: "14.6.5" } });
      expect(packagesAreInstalled(root)).to.equal(true);
    });

    it("are not there when one has another version", () => {
      installed({ "node_modules/got": { version: "14.6.4" } });
      expect(packagesAreInstalled(root)).to.equal(false);
    });

    it("are not there when one is missing", () => {
      installed({});
      expect(packagesAreInstalled(root)).to.equal(false);
    });
  });

  describe("the build", () => {
    beforeEach(() => {
      ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"].forEach((file) =>
        write(file, {}),
      );
      write("provider/core/a.ts", "export const a = 1;");
      write("dist/index.js", "");
      write("build/pulumi-resource-yciam/index.js", "");
    });

    it("is to be done when none was recorded", () => {
      expect(buildIsFresh(root)).to.equal(false);
    });

    it("is done when it was recorded for these sources", () => {
      recordBuild(root, sourcesDigest(root));
      expect(buildIsFresh(root)).to.equal(true);
    });

    it("is to be done again when the plugin is gone", () => {
      recordBuild(root, sourcesDigest(root));
      rmSync(join(root, "build"), { recursive: true });
      expect(buildIsFresh(root)).to.equal(false);
    });

    const changes: [string, () => void][] = [
      ["changed", () => write("provider/core/a.ts", "export const a = 2;")],
      ["was added", () => write("emulator/new/b.ts", "")],
      [
        "was renamed",
        () => (rmSync(join(root, "provider/core/a.ts")), write("provider/core/b.ts", "export const a = 1;")),
      ],
      ["of the settings changed", () => write("tsconfig.build.json", { compilerOptions: {} })],
    ];
    for (const [what, change] of changes) {
      it(`is to be done again when a file ${what}`, () => {
        recordBuild(root, sourcesDigest(root));
        change();
        expect(buildIsFresh(root)).to.equal(false);
      });
    }
  });
});
