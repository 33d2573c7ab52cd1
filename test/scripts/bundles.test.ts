import { expect } from "chai";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import {
  bundleAll,
  bundleEntry,
  bundleForNode,
  bundleStarted,
  ENTRIES as MADE,
  notices,
  type Part,
} from "../../scripts/artefacts/bundle.mjs";
import { folderForEach } from "../support/folders";

/** What may be loaded at once: kilobytes, and packages. */
interface Budget {
  readonly kilobytes: number;
  readonly packages: readonly string[];
  /** Kilobytes of what is loaded when it is needed, in place of the usual. */
  readonly library?: number;
  /** What is not bundled: the program that uses it has its own. */
  readonly asks?: readonly string[];
}

const PROGRAMS: Readonly<Record<string, Budget>> = {
  yciam: { kilobytes: 195, packages: ["commander"], asks: ["yciam/emulator"] },
  "docker-credential-yciam": { kilobytes: 110, packages: [] },
  "terraform-provider-yciam": { kilobytes: 232, packages: ["@bufbuild/protobuf", "@msgpack/msgpack"] },
  "pulumi-resource-yciam": { kilobytes: 195, packages: ["@bufbuild/protobuf"] },
};
const ENTRIES: Readonly<Record<string, Budget>> = {
  "sdk/nodejs/index": { kilobytes: 205, packages: [], asks: ["@pulumi/pulumi"] },
  "sdk/nodejs/token": { kilobytes: 140, packages: [] },
  "sdk/nodejs/nodejs-sdk": { kilobytes: 2, packages: [] },
  "sdk/nodejs/ydb": { kilobytes: 2, packages: [] },
  "sdk/nodejs/resolvers": { kilobytes: 15, packages: [] },
  "provider/dynamic/index": { kilobytes: 145, packages: [], asks: ["@pulumi/pulumi"] },
  // The messages of gRPC; what speaks it is in the library.
  "emulator/index": { kilobytes: 140, packages: ["jose", "@bufbuild/protobuf"], library: 300 },
};

/** What got, jose and the like, which are loaded when they are needed, may come to. */
const LIBRARY_KILOBYTES = 250;

const packagesOf = (parts: readonly Part[]) => {
  const files = parts.flatMap(({ inputs }) => inputs);
  return [...new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))];
};
const kilobytes = (parts: readonly Part[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;

describe("a program that is one file", () => {
  const folder = folderForEach();

  it("makes no formatter of lists and no stream of standard input, which packages do when they are loaded", async () => {
    const outfile = join(folder.path, "made.js");
    await bundleAll("yciam", outfile, { define: { __dirname: '"/"' } });
    const text = readFileSync(outfile, "utf8");
    expect(/new Intl\.ListFormat|\(require\("node:process"\),1\)/.exec(text)?.[0]).to.equal(undefined);
    expect(text).to.include('require("node:process")');
  });

  for (const name of Object.keys(PROGRAMS))
    it(`holds nothing of Pulumi's SDK as ${name}`, async () => {
      const { inputs } = await bundleAll(name, join(folder.path, "made.js"));
      expect(inputs.filter((file) => file.includes("/@pulumi/"))).to.deep.equal([]);
    });
});

describe("what is bundled for Node", () => {
  const folder = folderForEach();
  type Row = readonly [title: string, make: (outfile: string) => Promise<readonly Part[]>, budget: Budget];
  const rows = [
    ...Object.entries(PROGRAMS).flatMap(([name, budget]): Row[] => [
      [name, (outfile) => bundleForNode(name, outfile), budget],
      [`${name} of the npm package`, (outfile) => bundleStarted(name, outfile, "./lib"), budget],
    ]),
    ...Object.entries(ENTRIES).map(([name, budget]): Row => [
      name,
      (outfile) => bundleEntry(name, outfile, "./lib"),
      budget,
    ]),
  ];

  it("has a budget for each entry point", () => {
    expect(Object.keys(ENTRIES)).to.have.members(Object.keys(MADE));
  });

  for (const [title, make, { packages, asks = [], ...budget }] of rows) {
    it(`is for ${title} what its first answer needs, and no more`, async () => {
      const parts = await make(join(folder.path, "made.js"));
      const [main, library] = [parts.slice(0, 1), parts.slice(1)];
      expect(packagesOf(main)).to.have.members(packages);
      expect(kilobytes(main)).to.be.below(budget.kilobytes);
      expect(kilobytes(library)).to.be.below(budget.library ?? LIBRARY_KILOBYTES);
      const inputs = parts.flatMap((part) => part.inputs);
      expect(inputs.filter((file) => file.includes("/@pulumi/"))).to.deep.equal([]);
      for (const used of packagesOf(parts)) expect(notices(parts)).to.match(new RegExp(`^${used} \\d`, "m"));
      const known = [...builtinModules, ...asks];
      const asked = parts.flatMap((part) => part.asked).filter((path) => !path.startsWith("./"));
      expect(asked.filter((path) => !known.includes(path.replace(/^node:/, "")))).to.deep.equal([]);
    });
  }
});
