import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Secret } from "../../provider/core/words/secret";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { openStore, slotFor, TOKEN, waitFor } from "../support/stores";

const HOUR = 3_600_000;

describe("the disk store", () => {
  const temporary = folderForEach();
  const folder = () => join(temporary.path, "cache", "tokens");
  const slot = slotFor();
  const others = [slotFor("identity", "another key"), slotFor("another identity")];
  const entryPath = () => join(folder(), entryName(slot));

  it("has nothing at first; gives back the last of what was saved, in another process's store too", async () => {
    const { store, warnings } = openStore(folder());
    expect(await store.load(slot)).to.equal(undefined);
    await store.forget(TOKEN);
    for (const text of ["first", "second"]) await store.save(slot, text, TOKEN);
    const next = openStore(folder());
    expect([await store.load(slot), await next.store.load(slot)]).to.deep.equal(["second", "second"]);
    expect(readdirSync(folder())).to.deep.equal([entryName(slot)]);
    expect([...warnings, ...next.warnings]).to.deep.equal([]);
  });

  it("writes neither the entry, the identity nor the credential in clear", async () => {
    await openStore(folder()).store.save(slot, `{"token":"${TOKEN.reveal()}"}`, TOKEN);
    const [name = ""] = readdirSync(folder());
    const bytes = `${name}\n${readFileSync(join(folder(), name)).toString("latin1")}`;
    for (const secret of [TOKEN.reveal(), slot.identity, slot.material.reveal()])
      expect(bytes).not.to.include(secret);
  });

  it("encrypts anew each time: under a fresh salt, and a fresh nonce too", async () => {
    const { store } = openStore(folder());
    const parts: Record<"format" | "salt" | "nonce" | "rest", string>[] = [];
    while (parts.length < 2) {
      await store.save(slot, "the entry", TOKEN);
      const bytes = readFileSync(entryPath());
      const part = (from: number, to?: number) => bytes.subarray(from, to).toString("hex");
      parts.push({ format: part(0, 30), salt: part(30, 62), nonce: part(62, 74), rest: part(74) });
    }
    const [first, second] = parts;
    expect(first?.format).to.equal(second?.format);
    for (const name of ["salt", "nonce", "rest"] as const)
      expect(first?.[name], name).not.to.equal(second?.[name]);
  });

  it("R4: forgets a token in each entry that holds it, whosever it is, and no other", async () => {
    const { store, warnings } = openStore(folder());
    const [another, third] = others as [typeof slot, typeof slot];
    await store.save(slot, "one", TOKEN);
    await store.save(another, "two", TOKEN);
    await store.save(third, "three", new Secret("t1.another.token"));
    writeFileSync(join(folder(), "0".repeat(32)), "yciam-token-1\nof another format", { mode: 0o600 });
    mkdirSync(join(folder(), `${"1".repeat(32)}.lock`));
    await openStore(folder()).store.forget(TOKEN);
    const loaded = [await store.load(slot), await store.load(another), await store.load(third)];
    expect(loaded).to.deep.equal([undefined, undefined, "three"]);
    expect(readdirSync(folder())).to.have.length(3);
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
    const begun: string[] = [];
    const end = await store.exclusively(slot, waitFor(1000), async () => {
      const wait = waitFor(60_000, controller.signal);
      const second = store.exclusively(slot, wait, async () => begun.push("work"));
      controller.abort(new Error("the user pressed Ctrl-C"));
      return second.catch((error: unknown) => String(error));
    });
    expect([end, begun, warnings]).to.deep.equal(["Error: the user pressed Ctrl-C", [], []]);
  });

  it("does not find an entry with another secret, or for another identity", async () => {
    const { store, warnings } = openStore(folder());
    await store.save(slot, "the entry", TOKEN);
    for (const other of others) expect(await store.load(other)).to.equal(undefined);
    expect(warnings).to.deep.equal([]);
  });

  for (const other of others) {
    const title = other.identity === slot.identity ? "another secret" : "another identity";
    it(`does not open an entry that was moved to the name of ${title}`, async () => {
      const { store } = openStore(folder());
      await store.save(slot, "the entry", TOKEN);
      writeFileSync(join(folder(), entryName(other)), readFileSync(entryPath()), { mode: 0o600 });
      expect(await store.load(other)).to.equal(undefined);
    });
  }

  for (const umask of [0o000, 0o277, 0o777]) {
    it(`makes the folder 0700 and the files 0600, whatever the umask: ${umask.toString(8)}`, async () => {
      const { store, warnings } = openStore(folder());
      const before = process.umask(umask);
      try {
        await store.exclusively(slot, waitFor(1000), () => store.save(slot, "the entry", TOKEN));
      } finally {
        process.umask(before);
      }
      const modes = [dirname(folder()), folder(), entryPath()].map((path) => statSync(path).mode & 0o777);
      expect(modes).to.deep.equal([0o700, 0o700, 0o600]);
      expect(warnings).to.deep.equal([]);
    });
  }

  it("removes entries older than any token, whoever's they are, and what was left half-written", async () => {
    const id = (digit: number) => String(digit).repeat(32);
    /** Writes a file, or a lock as the folder that it is, and gives it an age. */
    const age = (name: string, ms: number) => {
      const path = join(folder(), name);
      if (name.endsWith(".lock")) mkdirSync(path, { mode: 0o700 });
      writeFileSync(name.endsWith(".lock") ? join(path, "1-0-0") : path, "x", { mode: 0o600 });
      utimesSync(path, (Date.now() - ms) / 1000, (Date.now() - ms) / 1000);
    };
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const kept = [id(1), `${id(4)}.0a.tmp`, `${id(6)}.lock`, "someone-elses-notes.txt"];
    for (const name of kept) age(name, name.endsWith(".txt") ? 100 * HOUR : name === id(1) ? 11 * HOUR : 0);
    age(id(0), 13 * HOUR);
    age(id(2), -13 * HOUR);
    for (const name of [`${id(3)}.0a.tmp`, `${id(5)}.lock`]) age(name, 2 * HOUR);
    await openStore(folder()).store.save(slot, "the entry", TOKEN);
    expect(readdirSync(folder()).sort()).to.deep.equal([...kept, entryName(slot)].sort());
  });

  it("keeps at most 100 entries, the newest", async () => {
    let time = Date.now();
    const { store } = openStore(folder(), { now: () => (time += 1000) });
    for (let index = 0; index < 105; index += 1)
      await store.save(slotFor(`identity ${index}`), "entry", TOKEN);
    expect(readdirSync(folder())).to.have.length(100);
    expect(await store.load(slotFor("identity 4"))).to.equal(undefined);
    expect(await store.load(slotFor("identity 5"))).to.equal("entry");
  });
});
