import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, sourceFiles } from "./graph";
import { anyTypes, fileSize, functionSizes, quantile, type Sized, undocumented } from "./sizes";

const present = (folders: readonly string[]) => folders.filter((folder) => existsSync(join(ROOT, folder)));
const written = (folders: readonly string[]) =>
  sourceFiles(present(folders)).filter((file) => !file.includes("/generated/"));
const product = written(["provider", "emulator", "sdk/nodejs"]);
const all = [...product, ...written(["test", "scripts", "examples", "bench"])];

/** Where the engine's own protocol types say `any`. */
const GRPC_EDGES = /^provider\/(pulumi|terraform)\/(server|plugin\/grpc\/.*)\.ts$/;

const above = (sizes: readonly Sized[], limit: number) => sizes.filter(({ lines }) => lines > limit);

describe("sizes", () => {
  const files = all.map(fileSize);
  const functions = product.flatMap(functionSizes);

  it("keeps files short: half of them within 100 lines, 95 % within 250, none above 400", () => {
    expect(above(files, 400)).to.deep.equal([]);
    expect(quantile(files, 0.95)).to.be.at.most(250);
    expect(quantile(files, 0.5)).to.be.at.most(100);
  });

  it("keeps functions short: half of them within 10 lines, 95 % within 40, none above 80", () => {
    expect(above(functions, 80)).to.deep.equal([]);
    expect(quantile(functions, 0.95)).to.be.at.most(40);
    expect(quantile(functions, 0.5)).to.be.at.most(10);
  });

  it("says `any` nowhere but at the gRPC edges", () => {
    expect(all.filter((file) => !GRPC_EDGES.test(file)).flatMap(anyTypes)).to.deep.equal([]);
  });

  it("documents every export of the package", () => {
    expect(product.flatMap(undocumented)).to.deep.equal([]);
  });
});

describe("the sizes' own tests", () => {
  it("takes the value that a share does not exceed", () => {
    const sizes = [1, 2, 3, 400].map((lines) => ({ name: "", lines }));
    expect([0.5, 0.75, 0.95].map((share) => quantile(sizes, share))).to.deep.equal([2, 3, 400]);
  });

  it("counts the code of this file's first function, its lines with braces included", () => {
    const [first] = functionSizes("test/architecture/sizes.test.ts");
    expect(first).to.deep.equal({ name: "test/architecture/sizes.test.ts:7", lines: 1 });
  });
});
