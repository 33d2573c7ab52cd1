import { expect } from "chai";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { openStore, slotFor } from "../support/stores";

const HOUR = 3_600_000;

describe("the disk store", () => {
  const temporary = folderForEach();
  const folder = () => join(temporary.path, "cache", "tokens");
  const slot = slotFor();
  const entryPath = () => join(folder(), entryName(slot));

  it("gives back what was saved, in another process's store too", async () => {
    await openStore(folder()).store.save(slot, "the entry");
    const { store, warnings } = openStore(folder());
    expect(await store.load(slot)).to.equal("the entry");
    expect(warnings).to.deep.equal([]);
  });

  it("has nothing at first, and says nothing of it", async () => {
    const { store, warnings } = openStore(folder());
    expect(await store.load(slot)).to.equal(undefined);
    expect(warnings).to.deep.equal([]);
  });

  it("keeps the last of what was saved", async () => {
    const { store } = openStore(folder());
    await store.save(slot, "first");
    await store.save(slot, "second");
    expect(await store.load(slot)).to.equal("second");
    expect(readdirSync(folder())).to.deep.equal([entryName(slot)]);
  });

  it("writes neither the entry, the identity nor the credential in clear", async () => {
    await openStore(folder()).store.save(slot, "t1.plain.token");
    const [name = ""] = readdirSync(folder());
    const bytes = `${name}\n${readFileSync(join(folder(), name)).toString("latin1")}`;
    for (const secret of ["t1.plain.token", slot.identity, slot.material.reveal()])
      expect(bytes).not.to.include(secret);
  });

  it("encrypts anew each time: the same entry twice has no bytes in common beyond the format", async () => {
    const { store } = openStore(folder());
    await store.save(slot, "the entry");
    const first = readFileSync(entryPath());
    await store.save(slot, "the entry");
    const second = readFileSync(entryPath());
    expect(first.subarray(0, 14)).to.deep.equal(second.subarray(0, 14));
    expect(first.subarray(14, 58)).not.to.deep.equal(second.subarray(14, 58));
    expect(first.subarray(58)).not.to.deep.equal(second.subarray(58));
  });

  it("does not find an entry with another secret, or for another identity", async () => {
    const { store, warnings } = openStore(folder());
    await store.save(slot, "the entry");
    expect(await store.load(slotFor("identity", "another key"))).to.equal(undefined);
    expect(await store.load(slotFor("another identity"))).to.equal(undefined);
    expect(warnings).to.deep.equal([]);
  });

  for (const [title, other] of [
    ["another secret", slotFor("identity", "another key")],
    ["another identity", slotFor("another identity")],
  ] as const) {
    it(`does not open an entry that was moved to the name of ${title}`, async () => {
      const { store } = openStore(folder());
      await store.save(slot, "the entry");
      writeFileSync(join(folder(), entryName(other)), readFileSync(entryPath()), { mode: 0o600 });
      expect(await store.load(other)).to.equal(undefined);
    });
  }

  it("makes the folder 0700 and the files 0600, whatever the umask", async () => {
    const before = process.umask(0o000);
    try {
      await openStore(folder()).store.save(slot, "the entry");
    } finally {
      process.umask(before);
    }
    expect(statSync(folder()).mode & 0o777).to.equal(0o700);
    expect(statSync(entryPath()).mode & 0o777).to.equal(0o600);
  });

  it("makes readable files under a umask that takes everything away", async () => {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const before = process.umask(0o777);
    try {
      await openStore(folder()).store.save(slot, "the entry");
    } finally {
      process.umask(before);
    }
    expect(statSync(entryPath()).mode & 0o777).to.equal(0o600);
  });

  it("removes entries older than any token, whoever's they are, and what was left half-written", async () => {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const age = (name: string, ms: number) => {
      const path = join(folder(), name);
      writeFileSync(path, "x", { mode: 0o600 });
      chmodSync(path, 0o600);
      utimesSync(path, (Date.now() - ms) / 1000, (Date.now() - ms) / 1000);
    };
    age("0".repeat(32), 13 * HOUR);
    age("1".repeat(32), 11 * HOUR);
    age("2".repeat(32), -13 * HOUR);
    age(`${"3".repeat(32)}.0a.tmp`, 2 * HOUR);
    age(`${"4".repeat(32)}.0a.tmp`, 0);
    age(`${"5".repeat(32)}.lock`, 2 * HOUR);
    age("someone-elses-notes.txt", 100 * HOUR);
    await openStore(folder()).store.save(slot, "the entry");
    expect(readdirSync(folder()).sort()).to.deep.equal(
      ["1".repeat(32), `${"4".repeat(32)}.0a.tmp`, "someone-elses-notes.txt", entryName(slot)].sort(),
    );
  });

  it("keeps at most 100 entries, the newest", async () => {
    let time = Date.now();
    const { store } = openStore(folder(), { now: () => (time += 1000) });
    for (let index = 0; index < 105; index += 1) await store.save(slotFor(`identity ${index}`), "entry");
    expect(readdirSync(folder())).to.have.length(100);
    expect(await store.load(slotFor("identity 4"))).to.equal(undefined);
    expect(await store.load(slotFor("identity 5"))).to.equal("entry");
  });
});
