import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { loadModule } from "../../provider/platform/modules";
import { bundle } from "../support/bundle";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";

describe("platform/system", () => {
  const folder = folderForEach();

  it("has a memory of its own in each context", () => {
    const [one, two] = [testContext(), testContext()];
    expect(one.memory).to.not.equal(two.memory);
    expect(one.spelling("serviceAccountKey.file")).to.equal("serviceAccountKey.file");
  });

  for (const HOME of ["", ".", "relative/home"]) {
    it(`I5: takes no folder that depends on the current one for the home: HOME=${HOME}`, () => {
      const program = bundle("test/platform/children/home.ts", folder.path);
      const output = execFileSync(process.execPath, [program], { cwd: folder.path, env: { HOME } });
      const { home, profile } = JSON.parse(output.toString()) as { home: string; profile: string };
      expect(home).to.equal(userInfo().homedir);
      expect(profile).to.equal("ENOENT");
    });
  }

  const packages: Readonly<Record<string, string>> = {
    "for import alone": `{ "import": "./main.mjs" }`,
    "for import alone, beside its types": `{ ".": { "types": "./main.d.ts", "import": "./main.mjs" } }`,
    "for all": `"./main.mjs"`,
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
