import { expect } from "chai";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";
import { bundleForNode, notices, type Part } from "../../scripts/artefacts/bundle.mjs";
import { folderForEach } from "../support/folders";

const LATER = ["got", "import-meta-resolve", "jose", "proxy-from-env", "yaml"];

/** What each program may load before it does anything: kilobytes, and packages. */
const PROGRAMS = {
  yciam: { kilobytes: 150, packages: ["commander"] },
  "terraform-provider-yciam": { kilobytes: 220, packages: ["@bufbuild/protobuf", "@msgpack/msgpack"] },
  "pulumi-resource-yciam": {
    kilobytes: 880,
    packages: ["@grpc/grpc-js", "@pulumi/pulumi", "google-protobuf"],
  },
};
/** What got, jose and the like may come to in `lib`, in kilobytes. */
const LIBRARY_KILOBYTES = 250;

const packagesOf = (files: readonly string[]) =>
  new Set(files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
const kilobytes = (parts: readonly Part[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;

describe("what is bundled for Node", () => {
  const folder = folderForEach();

  for (const [program, allowed] of Object.entries(PROGRAMS)) {
    it(`is for ${program} what its first answer needs, and no more`, async () => {
      const [main, ...library] = await bundleForNode(program, join(folder.path, "program.js"));
      if (main === undefined) throw new Error("no program was made");
      expect(kilobytes([main])).to.be.below(allowed.kilobytes);
      expect(kilobytes(library)).to.be.below(LIBRARY_KILOBYTES);
      const packages = packagesOf(main.inputs);
      // What these packages load themselves is theirs to choose; the budget counts it.
      expect([...packages])
        .to.include.members(allowed.packages)
        .and.not.include.members(LATER);
      if (program !== "pulumi-resource-yciam") expect([...packages]).to.have.members(allowed.packages);
      const pulumi = main.inputs.filter((file) => file.includes("node_modules/@pulumi/pulumi/"));
      expect(pulumi.filter((file) => !file.includes("/pulumi/proto/"))).to.deep.equal([]);
      expect([...packagesOf(library.flatMap(({ inputs }) => inputs))]).to.include.members(LATER);
      for (const name of [...allowed.packages, ...LATER])
        expect(notices([main, ...library])).to.match(new RegExp(`^${name} \\d`, "m"));
      const own = library.map(({ file }) => `./lib/${basename(file)}`);
      const asked = new Set([main, ...library].flatMap((part) => part.asked));
      const known = [...builtinModules, ...own, "yciam/emulator"];
      expect([...asked].filter((name) => !known.includes(name.replace(/^node:/, "")))).to.deep.equal([]);
    });
  }
});
