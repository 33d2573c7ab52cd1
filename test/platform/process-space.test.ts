import { expect } from "chai";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processSpace } from "../../provider/platform/process-space";
import { folderForEach } from "../support/folders";

describe("processSpace", () => {
  const temporary = folderForEach();

  it("differs for a container with process ids of its own, and after the machine was started anew; else it is the same", () => {
    const root = temporary.path;
    for (const folder of ["sys/kernel/random", "self/ns"]) mkdirSync(join(root, folder), { recursive: true });
    const boot = (id: string) => writeFileSync(join(root, "sys/kernel/random/boot_id"), id);
    const namespace = (id: string) => {
      rmSync(join(root, "self/ns/pid"), { force: true });
      symlinkSync(`pid:[${id}]`, join(root, "self/ns/pid"));
    };
    const changes = [
      () => undefined,
      () => boot("1"),
      () => namespace("1"),
      () => namespace("2"),
      () => boot("2"),
    ];
    const seen = changes.map((change) => (change(), processSpace(root)));
    for (const name of seen) expect(name).to.match(/^[0-9a-f]{16}$/);
    expect(new Set(seen).size).to.equal(seen.length);
    expect([processSpace(root), processSpace("/nowhere")]).to.deep.equal([seen.at(-1), seen[0]]);
  });
});
