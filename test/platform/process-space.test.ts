import { expect } from "chai";
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processSpace } from "../../provider/platform/process-space";
import { folderForEach } from "../support/folders";

describe("processSpace", () => {
  const temporary = folderForEach();
  const boot = () => join(temporary.path, "sys/kernel/random/boot_id");
  const namespace = () => join(temporary.path, "self/ns/pid");
  const space = () => processSpace(temporary.path);

  beforeEach(() => {
    mkdirSync(join(temporary.path, "sys/kernel/random"), { recursive: true });
    mkdirSync(join(temporary.path, "self/ns"), { recursive: true });
    writeFileSync(boot(), "ecf21018-c230-4328-bd08-45fdf2b0158a\n");
    symlinkSync("pid:[4026531836]", namespace());
  });

  it("is the same whenever it is asked for", () => {
    expect(space()).to.equal(space());
    expect(space()).to.match(/^[0-9a-f]{16}$/);
  });

  it("differs for a container with process ids of its own", () => {
    const here = space();
    unlinkSync(namespace());
    symlinkSync("pid:[4026532178]", namespace());
    expect(space()).not.to.equal(here);
  });

  it("differs after the machine was started anew", () => {
    const here = space();
    writeFileSync(boot(), "00000000-c230-4328-bd08-45fdf2b0158a\n");
    expect(space()).not.to.equal(here);
  });

  it("is the same again and again where the system tells neither", () => {
    const nowhere = join(temporary.path, "nowhere");
    expect(processSpace(nowhere)).to.equal(processSpace(nowhere)).and.not.to.equal(space());
  });
});
