import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { exclusively, openStore, slotFor, TOKEN, waitFor } from "../support/stores";

const temporary = folderForEach();
const folder = () => join(temporary.path, "tokens");
const slot = slotFor();
const entryPath = () => join(folder(), entryName(slot));
const elsewhere = () => join(temporary.path, "elsewhere");
/** Puts something else in the place of a file or folder. */
const replace = (path: string, put: (path: string) => void) => {
  fs.renameSync(path, elsewhere());
  put(path);
};
const link = (path: string) => fs.symlinkSync(elsewhere(), path);
const pipe = (path: string) => execFileSync("mkfifo", ["-m", "600", path]);
const file = (path: string) => fs.writeFileSync(path, "");

/** What is wrong, how it comes about, and what the warning says of it. */
type Row = readonly [string, () => void, RegExp];
const PRIVATE = /others may read it; run chmod 600/;
const OPEN = /others may read it; run chmod 700/;

/** The next save puts these right. */
const healed: readonly Row[] = [
  ["a file cut in the middle", () => fs.truncateSync(entryPath(), 86), /damaged/],
  ["a file of another format", () => fs.writeFileSync(entryPath(), "yciam-token-1\n".padEnd(100)), /damaged/],
  ["a file that is too large", () => fs.truncateSync(entryPath(), 1024 ** 3), /too large/],
  ["a file that others may read", () => fs.chmodSync(entryPath(), 0o644), PRIVATE],
  ["a file that its group may read", () => fs.chmodSync(entryPath(), 0o640), PRIVATE],
  ["a link, even to a good entry", () => replace(entryPath(), link), /is a link/],
  ["a pipe, which is not waited for", () => replace(entryPath(), pipe), /no plain file/],
];
const lasting: readonly Row[] = [
  ["a folder in its place", () => replace(entryPath(), fs.mkdirSync), /no plain file/],
  ["a folder that others may enter", () => fs.chmodSync(folder(), 0o755), OPEN],
  ["a folder that its group may enter", () => fs.chmodSync(folder(), 0o710), OPEN],
  ["a link in place of the folder", () => replace(folder(), link), /it is a link or a file/],
  ["a file in place of the folder", () => replace(folder(), file), /ENOTDIR/],
];

describe("the disk store, when something is wrong with it", () => {
  for (const [title, spoil, says] of [...healed, ...lasting]) {
    it(`takes ${title} for a miss, and warns once`, async () => {
      await openStore(folder()).store.save(slot, "the entry", TOKEN);
      spoil();
      const { store, warnings } = openStore(folder());
      expect([await store.load(slot), await store.load(slot)]).to.deep.equal([undefined, undefined]);
      await store.save(slot, "a new entry", TOKEN);
      expect(await exclusively(store, slot, waitFor(100), async () => "done")).to.equal("done");
      const isHealed = healed.some(([name]) => name === title);
      expect(await store.load(slot)).to.equal(isHealed ? "a new entry" : undefined);
      expect(fs.readdirSync(temporary.path, { recursive: true }).join()).not.to.include(".tmp");
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(says).and.to.include(folder());
    });
  }

  it("does not write through a link that stands where its entry belongs", async () => {
    const { store } = openStore(folder());
    await store.save(slot, "the entry", TOKEN);
    replace(entryPath(), link);
    fs.writeFileSync(elsewhere(), "precious");
    await store.save(slot, "a new entry", TOKEN);
    expect(fs.readFileSync(elsewhere(), "utf8")).to.equal("precious");
    expect(fs.statSync(entryPath()).isFile()).to.equal(true);
  });

  it("takes another user's files for a miss", async () => {
    await openStore(folder()).store.save(slot, "the entry", TOKEN);
    const { store, warnings } = openStore(folder(), { owner: (process.geteuid?.() ?? 0) + 1 });
    expect(await store.load(slot)).to.equal(undefined);
    await store.save(slot, "mine", TOKEN);
    await store.forget(TOKEN);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("another user");
    expect(await openStore(folder()).store.load(slot)).to.equal("the entry");
  });

  const toFolder = (path: string) => fs.symlinkSync(temporary.path, path);
  for (const [title, put] of Object.entries({ "a file": file, "a link": toFolder })) {
    it(`does the work without a lock where ${title} has its name, and warns once`, async () => {
      const { store, warnings } = openStore(folder());
      await store.save(slot, "the entry", TOKEN);
      put(`${entryPath()}.lock`);
      const work = () => exclusively(store, slot, waitFor(10_000), async () => "done");
      expect([await work(), await work()]).to.deep.equal(["done", "done"]);
      expect(await store.load(slot)).to.equal("the entry");
      expect(fs.readdirSync(temporary.path)).to.deep.equal(["tokens"]);
      expect(warnings).to.have.length(1);
    });
  }

  it("does the work without a lock where nothing can be written, and warns once", async () => {
    file(elsewhere());
    const { store, warnings } = openStore(join(elsewhere(), "tokens"));
    expect(await exclusively(store, slot, waitFor(10_000), async () => "done")).to.equal("done");
    await store.save(slot, "the entry", TOKEN);
    await store.forget(TOKEN);
    expect(await store.load(slot)).to.equal(undefined);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/ENOTDIR.*YCIAM_CACHE/);
  });
});
