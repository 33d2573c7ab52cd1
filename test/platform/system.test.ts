import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { loadModule } from "../../provider/platform/modules";
import { folderForEach } from "../support/folders";

describe("platform/system", () => {
  const folder = folderForEach();

  // The current folder has what a folder of that name would make an identity.
  const SCRIPT = `const log = { debug() {}, warn: console.error };
    const { createSystemContext } = require(process.argv[1]);
    const { home, files } = createSystemContext({ log, userAgent: "yciam/test" });
    files.read("~/.config/identity").then(console.log, ({ code }) => console.log(home, code));`;
  for (const HOME of ["", ".", "relative"]) {
    it(`I5: takes no folder that depends on the current one for the home: HOME=${HOME}`, () => {
      for (const home of ["", "relative"]) {
        mkdirSync(join(folder.path, home, ".config"), { recursive: true });
        writeFileSync(join(folder.path, home, ".config/identity"), "of the current folder");
      }
      const [register, system] = ["ts-node/register/transpile-only", "../../provider/platform/system"];
      const argv = ["-r", require.resolve(register), "-e", SCRIPT, require.resolve(system)];
      const env = { HOME, TS_NODE_PROJECT: join(__dirname, "../../tsconfig.json") };
      const output = execFileSync(process.execPath, argv, { cwd: folder.path, env }).toString();
      expect(output).to.equal(`${userInfo().homedir} ENOENT\n`);
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
