import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json";
import {
  type Edge,
  findCycles,
  importsAmong,
  importsOf,
  reachedFrom,
  ROOT,
  sourceFiles,
} from "./architecture/graph";
import { HOSTS, layerOf, wrongEdges } from "./architecture/rules";

const LIST = "provider/resolvers/index.ts";
const isWritten = (file: string) => !file.includes("/generated/");
const product = sourceFiles(["provider", "emulator", "sdk/nodejs"]);
const edges = importsAmong(product);
const written = edges.filter(({ from }) => isWritten(from));

// What package.json names, and what starts it; what is bundled by its path; and the command `yciam emulator` loads its file
// by its path.
const named = JSON.stringify([manifest.exports, manifest.bin]).matchAll(/dist\/([\w/-]+)\.js/g);
const sourceOf = (path: string) => `${path.replace(/^bin/, "provider/bin")}.ts`;
const started = Array.from(named, ([, path = ""]) => sourceOf(path));
const bundled = ["provider/bin/executable.ts", "provider/bin/action.ts", "provider/platform/launcher.ts"];
const entries = [...started, ...bundled, "emulator/serve.ts"];

describe("architecture", () => {
  it("has only the edges that the layers allow", () => {
    expect(wrongEdges(written)).to.deep.equal([]);
  });

  it("puts every file in a layer", () => {
    expect(product.filter((file) => layerOf(file) === undefined)).to.deep.equal([]);
  });

  it("has no cycle, not even of types alone", () => {
    expect(findCycles(written)).to.deep.equal([]);
  });

  it("has no file that no entry point reaches", () => {
    expect(entries).to.include("emulator/index.ts");
    const reached = reachedFrom(edges, entries);
    expect(product.filter((file) => isWritten(file) && !reached.has(file))).to.deep.equal([]);
  });

  const withoutPulumi = [
    "sdk/nodejs/token.ts",
    "provider/bin/yciam.ts",
    "provider/bin/terraform-provider-yciam.ts",
  ];
  for (const entry of withoutPulumi.filter((file) => product.includes(file))) {
    it(`serves those who have no Pulumi: ${entry} reaches nothing of @pulumi`, () => {
      expect([...reachedFrom(edges, [entry])].filter((name) => name.startsWith("@pulumi"))).to.deep.equal([]);
    });
  }
});

// A file that nothing imports can go, and the rest compiles.
describe("what can be taken away", () => {
  it("is any host: no layer but the programs imports it; the SDK is the dynamic host's face, and goes with it", () => {
    for (const gone of HOSTS.map((host) => (host === "dynamic" ? [host, "sdk"] : [host]))) {
      const isGone = (file: string) => gone.includes(layerOf(file) ?? "");
      expect(
        edges.filter(({ from, to }) => isGone(to) && !isGone(from) && layerOf(from) !== "bin"),
      ).to.deep.equal([]);
    }
  });

  it("is any resolver with its line in the list, which alone imports it", () => {
    const list = readFileSync(join(ROOT, LIST), "utf8");
    const imports = [...list.matchAll(/^import { (\w+) } from "\.\/([\w-]+)";$/gm)];
    expect(imports).to.have.length.above(8);
    const isResolver = (file: string) =>
      imports.some(([, , name]) => file === `provider/resolvers/${name}.ts`);
    expect(edges.filter(({ from, to }) => isResolver(to) && from !== LIST)).to.deep.equal([]);
    // The type of the list is written down, so that it is the same with an element less.
    const [, elements] = /const resolvers: readonly Resolver\[\] = \[([\w\s,]+)\];\n$/.exec(list) ?? [];
    expect(elements?.match(/\w+/g)).to.have.members(imports.map(([, name]) => name));
  });
});

describe("the architecture's own tests", () => {
  const edge = (from: string, to: string, typeOnly = false): Edge => ({ from, to, typeOnly });

  const planted: readonly [Edge, RegExp?][] = [
    [edge("provider/core/words/a.ts", "provider/resolvers/b.ts", true), /core may not import resolvers/],
    [edge("provider/core/words/a.ts", "node:fs"), /core does no I\/O/],
    [edge("provider/core/options/a.ts", "provider/core/iam/b.ts", true), /options may not import iam/],
    [edge("provider/core/token/a.ts", "provider/core/context.ts", true), /token may not import context/],
    [edge("provider/core/context.ts", "provider/core/token/a.ts"), /context may not import token/],
    [edge("provider/core/context.ts", "provider/core/iam/a.ts", true), /context may not import iam/],
    [edge("provider/app.ts", "provider/platform/http.ts"), /app may not import platform/],
    [edge("provider/resource.ts", "provider/handout/a.ts"), /app may not import handout/],
    [edge("provider/platform/a.ts", "jose"), /may not be used in platform/],
    [edge("provider/cli/a.ts", "provider/pulumi/b.ts"), /cli may not import pulumi/],
    [edge("provider/cli/a.ts", "provider/platform/system.ts"), /main alone/],
    [edge("provider/cli/a.ts", "provider/resolvers/iam-token.ts"), /list of resolvers alone/],
    [edge("emulator/a.ts", "provider/core/b.ts"), /types of the core alone/],
    [edge("provider/cli/a.ts", "left-pad"), /may not be used in cli/],
    [edge("provider/cli/a.ts", "test/support/context"), /no source of the package/],
    [edge("provider/core/iam/a.ts", "provider/core/context.ts")],
    [edge("provider/core/context.ts", "provider/core/token/a.ts", true)],
    [edge("provider/cli/a.ts", "provider/handout/b.ts")],
    [edge("provider/handout/a.ts", "provider/resource.ts")],
  ];
  for (const [one, problem = /^$/] of planted) {
    it(`${problem.source === "^$" ? "allow" : "report"} ${one.from} -> ${one.to}`, () => {
      expect(wrongEdges([one]).join("\n")).to.match(problem);
    });
  }

  it("find a cycle through three files, none in a diamond, and what is reached", () => {
    expect(findCycles([edge("a", "b"), edge("b", "c"), edge("c", "a")])).to.deep.equal(["a -> b -> c -> a"]);
    expect(findCycles([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")])).to.deep.equal([]);
    const some = [edge("a", "b"), edge("b", "@pulumi/pulumi"), edge("c", "d")];
    expect([...reachedFrom(some, ["a"])]).to.deep.equal(["a", "b", "@pulumi/pulumi"]);
  });

  it("see every way to import, and which of them are gone at run time", () => {
    const text = `import "a";\nimport type { B } from "b";\nimport { type C } from "c";\nexport { d } from "d";
const e = require("e");\nvoid import("f");\nexport * from "h";\nimport I, { type J } from "i";\nexport type * from "k";`;
    const seen = importsOf(text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? " type" : ""}`);
    expect(seen).to.have.members(["a", "b type", "c type", "d", "e", "f", "h", "i", "k type"]);
  });
});
