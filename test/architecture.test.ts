import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json";
import {
  type Edge,
  findCycles,
  findUnreached,
  importGraph,
  importsOf,
  ROOT,
  sourceFiles,
} from "./architecture/graph";
import { HOSTS, layerOf, wrongEdges } from "./architecture/rules";
import ts from "typescript";

const isGenerated = (file: string) => file.includes("/generated/");
const product = sourceFiles(
  ["provider", "emulator", "sdk/nodejs"].filter((folder) => existsSync(join(ROOT, folder))),
);
const graph = importGraph(product);
const written = graph.edges.filter(({ from }) => !isGenerated(from));

/** What package.json names, and the programs that a host starts. Those of a host that was taken away are left out. */
function entryPoints(): readonly string[] {
  const exported = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : entry.default,
  );
  const named = [...exported, ...Object.values(manifest.bin)].filter((path) => path.endsWith(".js"));
  const files = named.map((path) => path.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts"));
  const mains = HOSTS.map((host) => `provider/${host}/main.ts`);
  // The command `yciam emulator` loads it by its path: no product code imports the emulator.
  return [...files, ...mains, "emulator/serve.ts"].filter((file) => product.includes(file));
}

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
    expect(entryPoints()).to.include("emulator/index.ts");
    expect(findUnreached(graph, entryPoints()).filter((file) => !isGenerated(file))).to.deep.equal([]);
  });
});

describe("the architecture's own tests", () => {
  const edge = (from: string, to: string, typeOnly = false): Edge => ({ from, to, typeOnly });

  const wrong: readonly [Edge, RegExp][] = [
    [edge("provider/core/a.ts", "provider/resolvers/b.ts"), /core may not import resolvers/],
    [edge("provider/core/a.ts", "provider/platform/http.ts", true), /core may not import platform/],
    [edge("provider/core/a.ts", "node:fs"), /core does no I\/O/],
    [edge("provider/core/a.ts", "got"), /may not be used in core/],
    [edge("provider/app.ts", "provider/platform/http.ts"), /app may not import platform/],
    [edge("provider/platform/a.ts", "provider/resolvers/index.ts"), /platform may not import resolvers/],
    [edge("provider/platform/a.ts", "jose"), /may not be used in platform/],
    [edge("provider/cli/a.ts", "provider/pulumi/b.ts"), /cli may not import pulumi/],
    [edge("provider/cli/a.ts", "@pulumi/pulumi"), /may not be used in cli/],
    [edge("provider/cli/a.ts", "provider/platform/system.ts"), /main alone/],
    [edge("provider/cli/a.ts", "provider/resolvers/iam-token.ts"), /list of resolvers alone/],
    [edge("provider/resolvers/a.ts", "provider/app.ts"), /resolvers may not import app/],
    [edge("emulator/a.ts", "provider/core/b.ts"), /types of the core alone/],
    [edge("emulator/a.ts", "provider/app.ts", true), /emulator may not import app/],
    [edge("provider/core/a.ts", "emulator/index.ts"), /core may not import emulator/],
    [edge("sdk/nodejs/a.ts", "provider/cli/b.ts"), /sdk may not import cli/],
    [edge("provider/cli/a.ts", "left-pad"), /may not be used in cli/],
    [edge("provider/cli/a.ts", "test/support/context"), /no source of the package/],
  ];
  for (const [planted, problem] of wrong) {
    it(`reports ${planted.from} -> ${planted.to}`, () => {
      expect(wrongEdges([edge("provider/core/a.ts", "provider/core/b.ts"), planted])).to.have.length(1);
      expect(wrongEdges([planted])[0]).to.match(problem);
    });
  }

  it("allows what the layers are for", () => {
    const right = [
      edge("provider/resolvers/a.ts", "provider/core/b.ts"),
      edge("provider/cli/main.ts", "provider/platform/system.ts"),
      edge("provider/cli/a.ts", "provider/resolvers/index.ts"),
      edge("emulator/a.ts", "provider/core/b.ts", true),
      edge("provider/platform/http.ts", "got"),
    ];
    expect(wrongEdges(right)).to.deep.equal([]);
  });

  it("finds a cycle through three files, and none in a diamond", () => {
    expect(findCycles([edge("a", "b"), edge("b", "c"), edge("c", "a")])).to.deep.equal(["a -> b -> c -> a"]);
    expect(findCycles([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")])).to.deep.equal([]);
  });

  it("finds a file that nobody reaches, even when it is imported by another such file", () => {
    const lost = { files: ["a", "b", "c", "d"], edges: [edge("a", "b"), edge("c", "d")] };
    expect(findUnreached(lost, ["a"])).to.deep.equal(["c", "d"]);
  });

  it("sees every way to import, and which of them are gone at run time", () => {
    const text = `import "a"; import type { B } from "b"; import { type C } from "c"; export { d } from "d";
      const e = require("e"); void import("f"); let g: import("g").G; export * from "h"; import I, { type J } from "i";`;
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
    const seen = importsOf(source).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? " type" : ""}`);
    expect(seen).to.deep.equal(["a", "b type", "c type", "d", "e", "f", "g type", "h", "i"]);
  });
});
