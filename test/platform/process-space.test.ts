import { expect } from "chai";
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processSpace } from "../../provider/platform/process-space";
import { folderForEach } from "../support/folders";

describe("processSpace", () => {
  const temporary = folderForEach();

  it("differs for a container with process ids of its own, and after the machine was started anew; else it is the same", () => {
    const boot = join(temporary.path, "sys/kernel/random/boot_id");
    const namespace = join(temporary.path, "self/ns/pid");
    for (const folder of ["sys/kernel/random", "self/ns"])
      mkdirSync(join(temporary.path, folder), { recursive: true });
    const space = () => processSpace(temporary.path);
    const seen = [space()];
    writeFileSync(boot, "ecf21018-c230-4328-bd08-45fdf2b0158a\n");
    seen.push(space());
    symlinkSync("pid:[4026531836]", namespace);
    seen.push(space());
    unlinkSync(namespace);
    symlinkSync("pid:[4026532178]", namespace);
    seen.push(space());
    writeFileSync(boot, "00000000-c230-4328-bd08-45fdf2b0158a\n");
    seen.push(space());
    for (const name of seen) expect(name).to.match(/^[0-9a-f]{16}$/);
    expect(new Set(seen).size).to.equal(seen.length);
    expect([space(), processSpace("/nowhere")]).to.deep.equal([seen.at(-1), seen[0]]);
  });
});
