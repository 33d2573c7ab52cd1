import { expect } from "chai";
import { sourceFiles } from "./graph";
import { measure, quantile } from "./sizes";

const PRODUCT = /^(provider|emulator|sdk)\//;
/** Where the engine's own protocol types say `any`. */
const GRPC_EDGES = /^provider\/(pulumi|terraform)\/(server|plugin\/grpc\/.*)\.ts:/;

const written = sourceFiles(["provider", "emulator", "sdk/nodejs", "test", "scripts", "examples", "bench"]);
const all = written.filter((file) => !file.includes("/generated/")).map(measure);
const product = all.filter(({ file }) => PRODUCT.test(file.name));

describe("sizes", () => {
  for (const [what, sizes, half, most, limit] of [
    ["files", all.map(({ file }) => file), 100, 250, 400],
    ["functions", product.flatMap(({ functions }) => functions), 10, 40, 80],
  ] as const) {
    it(`keeps ${what} short: half of them within ${half} lines, 95 % within ${most}, none above ${limit}`, () => {
      expect(sizes.filter(({ lines }) => lines > limit)).to.deep.equal([]);
      expect(quantile(sizes, 0.95)).to.be.at.most(most);
      expect(quantile(sizes, 0.5)).to.be.at.most(half);
    });
  }

  it("says `any` nowhere but at the gRPC edges", () => {
    const places = all.flatMap(({ anyTypes }) => anyTypes);
    expect(places.filter((place) => !GRPC_EDGES.test(place))).to.deep.equal([]);
  });

  it("documents every export of the package", () => {
    expect(product.flatMap(({ undocumented }) => undocumented)).to.deep.equal([]);
  });

  it("counts lines of code, those with braces included, and takes for a share the value that it does not exceed", () => {
    const [first] = measure("test/architecture/sizes.test.ts").functions;
    expect(first).to.deep.equal({ name: "test/architecture/sizes.test.ts:10", lines: 1 });
    const sizes = [1, 2, 3, 400].map((lines) => ({ name: "", lines }));
    expect([0.5, 0.75, 0.95].map((share) => quantile(sizes, share))).to.deep.equal([2, 3, 400]);
  });
});
