import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Secret } from "../../provider/core/words/secret";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { exclusively, openStore, slotFor, TOKEN, waitFor } from "../support/stores";

const HOUR = 3_600_000;

describe("the disk store", () => {
  const temporary = folderForEach();
  const folder = () => join(temporary.path, "cache", "tokens");
  const slot = slotFor();
  const others = [slotFor("identity", "another key"), slotFor("another identity")] as const;
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
    const pieces = async () => {
      await store.save(slot, "the entry", TOKEN);
      const bytes = readFileSync(entryPath()).toString("latin1");
      // Format and mark, salt, nonce, and the rest.
      return [bytes.slice(0, 30), bytes.slice(30, 62), bytes.slice(62, 74), bytes.slice(74)];
    };
    const [one, two] = [await pieces(), await pieces()];
    expect(one.map((piece, n) => piece === two[n])).to.deep.equal([true, false, false, false]);
  });

  it("R4: forgets a token in each entry that holds it, whosever it is, and no other", async () => {
    const { store, warnings } = openStore(folder());
    await store.save(slot, "one", TOKEN);
    await store.save(others[0], "two", TOKEN);
    await store.save(others[1], "three", new Secret("t1.another.token"));
    writeFileSync(join(folder(), "0".repeat(32)), "yciam-token-1\nof another format", { mode: 0o600 });
    await openStore(folder()).store.forget(TOKEN);
    const loaded = await Promise.all([slot, ...others].map((known) => store.load(known)));
    expect(loaded).to.deep.equal([undefined, undefined, "three"]);
    expect(readdirSync(folder()).sort()).to.deep.equal(["0".repeat(32), entryName(others[1])].sort());
    expect(warnings).to.deep.equal([]);
  });

  it("gives the turn back when the work fails; an abort ends the wait for it: no work is begun, and nothing is said", async () => {
    const { store, warnings } = openStore(folder());
    const controller = new AbortController();
    const begun: string[] = [];
    const failing = exclusively(store, slot, waitFor(1000), async () => {
      expect(readdirSync(folder())).to.deep.equal([`${entryName(slot)}.lock`]);
      const wait = waitFor(60_000, controller.signal);
      const second = exclusively(store, slot, wait, async () => begun.push("work"));
      controller.abort(new Error("the user pressed Ctrl-C"));
      return second;
    });
    expect(await failing.catch(String)).to.equal("Error: the user pressed Ctrl-C");
    expect([begun, warnings, readdirSync(folder())]).to.deep.equal([[], [], []]);
  });

  it("does not find an entry with another secret, or for another identity; does not open an entry that was moved to the name of either", async () => {
    const { store, warnings } = openStore(folder());
    await store.save(slot, "the entry", TOKEN);
    const load = async () => [await store.load(others[0]), await store.load(others[1])];
    expect([await load(), warnings]).to.deep.equal([[undefined, undefined], []]);
    for (const other of others)
      writeFileSync(join(folder(), entryName(other)), readFileSync(entryPath()), { mode: 0o600 });
    expect(await load()).to.deep.equal([undefined, undefined]);
  });

  for (const umask of [0o000, 0o277, 0o777]) {
    it(`makes the folder 0700 and the files 0600, whatever the umask: ${umask.toString(8)}`, async () => {
      const { store, warnings } = openStore(folder());
      const before = process.umask(umask);
      try {
        await exclusively(store, slot, waitFor(1000), () => store.save(slot, "the entry", TOKEN));
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
    /** Makes files, and locks, which are folders, from a name and an age in hours. */
    const put = (...rows: string[]) =>
      rows.map((row) => {
        const [name = "", hours] = row.replace(/^\d/, (digit) => digit.repeat(32)).split(" ");
        const path = join(folder(), name);
        if (name.endsWith(".lock")) mkdirSync(path, { mode: 0o700 });
        else writeFileSync(path, "x", { mode: 0o600 });
        const time = (Date.now() - Number(hours) * HOUR) / 1000;
        utimesSync(path, time, time);
        return name;
      });
    put("0 13", "2 -13", "3.0a.tmp 25", "5.lock 25");
    const fresh = put("1 11", "4.0a.tmp 23", "6.lock -23", "someone-elses-notes.txt 100");
    await openStore(folder()).store.save(slot, "the entry", TOKEN);
    expect(readdirSync(folder()).sort()).to.deep.equal([...fresh, entryName(slot)].sort());
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
