import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Change, Compiler, withoutImport } from "./compile";
import { findDependents, importGraph, ROOT, sourceFiles } from "./graph";
import { HOSTS } from "./rules";

const LIST = "provider/resolvers/index.ts";
const folders = ["provider", "emulator", "sdk/nodejs"].filter((folder) => existsSync(join(ROOT, folder)));
const { files, edges } = importGraph(sourceFiles(folders));
const list = readFileSync(join(ROOT, LIST), "utf8");
const compiler = new Compiler(files);

/**
 * What a change breaks: new errors in the files that it can reach, those that import what it touches, directly or
 * through others. What does not compile as it is, `npm run lint` tells.
 */
function errorsAfter(change: Required<Change>): readonly string[] {
  const touched = [...change.without, ...Object.keys(change.texts)];
  const isTouched = (file: string) => touched.some((path) => file === path || file.startsWith(`${path}/`));
  const reached = new Set([...findDependents(edges, isTouched), ...Object.keys(change.texts)]);
  const before = compiler.errors({}, reached);
  return compiler.errors(change, reached).filter((error) => !before.includes(error));
}

const resolverFiles = edges
  .filter(({ from, to }) => from === LIST && to.startsWith("provider/resolvers/"))
  .map(({ to }) => to);

/** The list of resolvers without one file of them. */
const listWithout = (file: string) => withoutImport(list, `./${file.replace(/^.*\/|\.ts$/g, "")}`);

describe("what can be taken away", function () {
  this.timeout(120_000);

  // The SDK is the dynamic host's face: the two go together.
  const hosts = HOSTS.map((host) => [`provider/${host}`, ...(host === "dynamic" ? ["sdk/nodejs"] : [])]);
  for (const without of hosts.filter(([folder = ""]) => existsSync(join(ROOT, folder)))) {
    it(`compiles without ${without.join(" and ")}`, () => {
      expect(errorsAfter({ without, texts: {} })).to.deep.equal([]);
    });
  }

  for (const file of resolverFiles) {
    it(`compiles without ${file} and its line in the list`, () => {
      expect(errorsAfter({ without: [file], texts: { [LIST]: listWithout(file) } })).to.deep.equal([]);
    });
  }

  it("sees what is missed: a resolver that is still in the list, and the app that every host needs", () => {
    const [file = ""] = resolverFiles;
    expect(errorsAfter({ without: [file], texts: {} }).join()).to.contain(`${LIST}: Cannot find module`);
    const withoutApp = errorsAfter({ without: ["provider/app.ts"], texts: {} });
    for (const host of HOSTS) {
      const missed = withoutApp.filter((error) => error.startsWith(`provider/${host}/`));
      expect(missed.join(), host).to.include("Cannot find module");
    }
  });

  it("takes exactly a resolver's lines out of the list", () => {
    const text = `import { a } from "./a";\nimport { b } from "./b";\nexport const all = [a, b];\n`;
    expect(withoutImport(text, "./a")).to.equal(`\nimport { b } from "./b";\nexport const all = [ b];\n`);
    expect(withoutImport(text, "./b")).to.equal(`import { a } from "./a";\nexport const all = [a, ];\n`);
  });
});
