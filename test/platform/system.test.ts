import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { loadModule } from "../../provider/platform/modules";
import { bundle } from "../support/bundle";
import { folderForEach } from "../support/folders";
import { RUNTIME_ENV } from "../support/programs";

describe("platform/system", () => {
  const folder = folderForEach();
  const bundles = folderForEach();

  // The current folder has what a folder of that name would make an identity.
  const SCRIPT = `const log = { debug() {}, warn: console.error };
    const { createSystemContext } = require(process.argv[1]);
    const { home, files } = createSystemContext({ log, userAgent: "yciam/test" });
    files.read("~/.config/identity").then(console.log, ({ code }) => console.log(home, code));`;
  for (const HOME of ["", ".", "relative"]) {
    it(`I5: takes no folder that depends on the current one for the home: HOME=${HOME}`, () => {
      for (const other of ["", "relative"]) {
        mkdirSync(join(folder.path, other, ".config"), { recursive: true });
        writeFileSync(join(folder.path, other, ".config/identity"), "of the current folder");
      }
      const argv = ["-e", SCRIPT, bundle("provider/platform/system.ts", bundles.path)];
      const env = { HOME, ...RUNTIME_ENV };
      const output = execFileSync(process.execPath, argv, { cwd: folder.path, env }).toString();
      // Bun gives HOME for what the system knows too, so the executable has no home there.
      const home = HOME !== "" && process.versions.bun !== undefined ? "/" : userInfo().homedir;
      expect(output).to.equal(`${home} ENOENT\n`);
    });
  }

  const packages: Readonly<Record<string, string>> = {
    "for import alone": `{ "import": "./main.mjs" }`,
    "for import alone, beside its types": `{ ".": { "types": "./main.d.ts", "import": "./main.mjs" } }`,
  };
  for (const [title, exports] of Object.entries(packages)) {
    it(`E8: loads a package that has a way in ${title}`, async () => {
      const path = join(folder.path, "node_modules/mine/main.mjs");
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "export const answer = 42;");
      writeFileSync(join(dirname(path), "package.json"), `{ "name": "mine", "exports": ${exports} }`);
      expect(await loadModule("mine", folder.path)).to.have.property("answer", 42);
    });
  }
});
