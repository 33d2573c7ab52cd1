import { expect } from "chai";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { openStore, slotFor, waitFor } from "../support/stores";

const temporary = folderForEach();
const folder = () => join(temporary.path, "tokens");
const slot = slotFor();
const entryPath = () => join(folder(), entryName(slot));

/** Each is a miss with one warning; `heals` says whether the next save puts it right. */
const entries: readonly { title: string; spoil: () => void; says: RegExp; heals: boolean }[] = [
  {
    title: "a file cut to nothing",
    spoil: () => truncateSync(entryPath(), 0),
    says: /damaged/,
    heals: true,
  },
  {
    title: "a file cut in the middle",
    spoil: () => truncateSync(entryPath(), 70),
    says: /damaged/,
    heals: true,
  },
  {
    title: "a file of another format",
    spoil: () => writeFileSync(entryPath(), "yciam-token-2\n".padEnd(100)),
    says: /damaged/,
    heals: true,
  },
  {
    title: "a file that is too large",
    spoil: () => truncateSync(entryPath(), 1024 ** 3),
    says: /too large/,
    heals: true,
  },
  {
    title: "a file that others may read",
    spoil: () => chmodSync(entryPath(), 0o644),
    says: /others may read it; run chmod 600/,
    heals: true,
  },
  {
    title: "a file that its group may read",
    spoil: () => chmodSync(entryPath(), 0o640),
    says: /others may read it; run chmod 600/,
    heals: true,
  },
  {
    title: "a link, even to a good entry",
    spoil: () => {
      renameSync(entryPath(), join(temporary.path, "elsewhere"));
      symlinkSync(join(temporary.path, "elsewhere"), entryPath());
    },
    says: /is a link/,
    heals: true,
  },
  {
    title: "a pipe, which is not waited for",
    spoil: () => {
      renameSync(entryPath(), join(temporary.path, "elsewhere"));
      execFileSync("mkfifo", ["-m", "600", entryPath()]);
    },
    says: /no plain file/,
    heals: true,
  },
  {
    title: "a folder in its place",
    spoil: () => {
      renameSync(entryPath(), join(temporary.path, "elsewhere"));
      mkdirSync(entryPath());
    },
    says: /no plain file/,
    heals: false,
  },
  {
    title: "a folder that others may enter",
    spoil: () => chmodSync(folder(), 0o755),
    says: /others may read it; run chmod 700/,
    heals: false,
  },
  {
    title: "a folder that its group may enter",
    spoil: () => chmodSync(folder(), 0o710),
    says: /others may read it; run chmod 700/,
    heals: false,
  },
  {
    title: "a link in place of the folder",
    spoil: () => {
      renameSync(folder(), join(temporary.path, "elsewhere"));
      symlinkSync(join(temporary.path, "elsewhere"), folder());
    },
    says: /it is a link or a file/,
    heals: false,
  },
  {
    title: "a file in place of the folder",
    spoil: () => {
      renameSync(folder(), join(temporary.path, "elsewhere"));
      writeFileSync(folder(), "");
    },
    says: /ENOTDIR/,
    heals: false,
  },
];

describe("the disk store, when something is wrong with it", () => {
  for (const { title, spoil, says, heals } of entries) {
    it(`takes ${title} for a miss, and warns once`, async () => {
      await openStore(folder()).store.save(slot, "the entry");
      spoil();
      const { store, warnings } = openStore(folder());
      expect(await store.load(slot)).to.equal(undefined);
      expect(await store.load(slot)).to.equal(undefined);
      await store.save(slot, "a new entry");
      expect(await store.exclusively(slot, waitFor(100), async () => "done")).to.equal("done");
      expect(await store.load(slot)).to.equal(heals ? "a new entry" : undefined);
      expect(readdirSync(temporary.path, { recursive: true }).join()).not.to.include(".tmp");
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(says).and.to.include(folder());
    });
  }

  it("takes every entry with one bit flipped for a miss", async () => {
    const { store } = openStore(folder());
    await store.save(slot, "t1.some.token");
    const good = readFileSync(entryPath());
    for (let index = 0; index < good.length; index += 1) {
      const bad = Buffer.from(good);
      bad[index] = (bad[index] as number) ^ (1 << (index % 8));
      writeFileSync(entryPath(), bad);
      expect(await store.load(slot), `byte ${index}`).to.equal(undefined);
    }
    writeFileSync(entryPath(), good);
    expect(await store.load(slot)).to.equal("t1.some.token");
  });

  it("does not write through a link that stands where its entry belongs", async () => {
    const { store } = openStore(folder());
    await store.save(slot, "the entry");
    const target = join(temporary.path, "victim");
    writeFileSync(target, "precious");
    renameSync(entryPath(), join(temporary.path, "elsewhere"));
    symlinkSync(target, entryPath());
    await store.save(slot, "a new entry");
    expect(readFileSync(target, "utf8")).to.equal("precious");
    expect(statSync(entryPath()).isFile()).to.equal(true);
  });

  it("takes another user's files for a miss", async () => {
    const uid = process.geteuid?.() ?? 0;
    await openStore(folder()).store.save(slot, "the entry");
    const { store, warnings } = openStore(folder(), { owner: uid + 1 });
    expect(await store.load(slot)).to.equal(undefined);
    await store.save(slot, "mine");
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include("another user");
    expect(await openStore(folder()).store.load(slot)).to.equal("the entry");
  });

  for (const [title, spoil] of [
    ["a file", () => writeFileSync(`${entryPath()}.lock`, "")],
    ["a link", () => symlinkSync(temporary.path, `${entryPath()}.lock`)],
  ] as const) {
    it(`does the work without a lock where ${title} has its name, and warns once`, async () => {
      const { store, warnings } = openStore(folder());
      await store.save(slot, "the entry");
      spoil();
      for (let count = 0; count < 2; count += 1)
        expect(await store.exclusively(slot, waitFor(10_000), async () => "done")).to.equal("done");
      expect(await store.load(slot)).to.equal("the entry");
      expect(readdirSync(temporary.path)).to.deep.equal(["tokens"]);
      expect(warnings).to.have.length(1);
    });
  }

  it("does the work without a lock where nothing can be written, and warns once", async () => {
    writeFileSync(join(temporary.path, "file"), "");
    const { store, warnings } = openStore(join(temporary.path, "file", "tokens"));
    expect(await store.exclusively(slot, waitFor(10_000), async () => "done")).to.equal("done");
    await store.save(slot, "the entry");
    expect(await store.load(slot)).to.equal(undefined);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/ENOTDIR.*YCIAM_CACHE/);
  });
});
