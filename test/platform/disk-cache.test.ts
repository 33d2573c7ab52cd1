import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { openStore, slotFor, waitFor } from "../support/stores";

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

  it("encrypts anew each time: under a fresh salt, and a fresh nonce too", async () => {
    const { store } = openStore(folder());
    const parts: Record<"format" | "salt" | "nonce" | "rest", string>[] = [];
    while (parts.length < 2) {
      await store.save(slot, "the entry");
      const bytes = readFileSync(entryPath());
      const part = (from: number, to?: number) => bytes.subarray(from, to).toString("hex");
      parts.push({ format: part(0, 14), salt: part(14, 46), nonce: part(46, 58), rest: part(58) });
    }
    const [first, second] = parts;
    expect(first?.format).to.equal(second?.format);
    for (const name of ["salt", "nonce", "rest"] as const)
      expect(first?.[name], name).not.to.equal(second?.[name]);
  });

  it("removes the entry it is told to, and no other", async () => {
    const { store, warnings } = openStore(folder());
    await store.save(slot, "the entry");
    await store.save(slotFor("another identity"), "another entry");
    await store.remove(slot);
    await store.remove(slot);
    expect(await store.load(slot)).to.equal(undefined);
    expect(await store.load(slotFor("another identity"))).to.equal("another entry");
    expect(warnings).to.deep.equal([]);
  });

  it("runs one piece of work at a time for a slot, and gives the turn back when the work fails", async () => {
    const { store } = openStore(folder());
    const failing = store.exclusively(slot, waitFor(1000), async () => {
      expect(readdirSync(folder())).to.deep.equal([`${entryName(slot)}.lock`]);
      throw new Error("IAM is out");
    });
    expect(await failing.catch((error: unknown) => error)).to.have.property("message", "IAM is out");
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it("ends the wait for a turn with an abort's reason: the work is not begun, and nothing is said of it", async () => {
    const { store, warnings } = openStore(folder());
    const controller = new AbortController();
    const outcome = await store.exclusively(slot, waitFor(1000), async () => {
      const begun: string[] = [];
      const second = store.exclusively(slot, waitFor(60_000, controller.signal), async () =>
        begun.push("work"),
      );
      controller.abort(new Error("the user pressed Ctrl-C"));
      return [await second.catch((error: unknown) => String(error)), begun];
    });
    expect(outcome).to.deep.equal(["Error: the user pressed Ctrl-C", []]);
    expect(warnings).to.deep.equal([]);
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

  for (const umask of [0o000, 0o277, 0o777]) {
    it(`makes the folder 0700 and the files 0600, whatever the umask: ${umask.toString(8)}`, async () => {
      const { store, warnings } = openStore(folder());
      const before = process.umask(umask);
      try {
        await store.exclusively(slot, waitFor(1000), () => store.save(slot, "the entry"));
      } finally {
        process.umask(before);
      }
      const modes = [dirname(folder()), folder(), entryPath()].map((path) => statSync(path).mode & 0o777);
      expect(modes).to.deep.equal([0o700, 0o700, 0o600]);
      expect(warnings).to.deep.equal([]);
    });
  }

  it("removes entries older than any token, whoever's they are, and what was left half-written", async () => {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const touch = (name: string, ms: number) => {
      const time = (Date.now() - ms) / 1000;
      utimesSync(join(folder(), name), time, time);
    };
    const age = (name: string, ms: number) => {
      const path = join(folder(), name);
      writeFileSync(path, "x", { mode: 0o600 });
      touch(name, ms);
    };
    age("0".repeat(32), 13 * HOUR);
    age("1".repeat(32), 11 * HOUR);
    age("2".repeat(32), -13 * HOUR);
    age(`${"3".repeat(32)}.0a.tmp`, 2 * HOUR);
    age(`${"4".repeat(32)}.0a.tmp`, 0);
    const lock = (digit: string, ms: number) => {
      const name = `${digit.repeat(32)}.lock`;
      mkdirSync(join(folder(), name), { mode: 0o700 });
      age(join(name, "1-0-0"), ms);
      touch(name, ms);
    };
    lock("5", 2 * HOUR);
    lock("6", 0);
    age("someone-elses-notes.txt", 100 * HOUR);
    await openStore(folder()).store.save(slot, "the entry");
    expect(readdirSync(folder()).sort()).to.deep.equal(
      [
        "1".repeat(32),
        `${"4".repeat(32)}.0a.tmp`,
        `${"6".repeat(32)}.lock`,
        "someone-elses-notes.txt",
        entryName(slot),
      ].sort(),
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
