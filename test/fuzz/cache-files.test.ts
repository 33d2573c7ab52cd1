import { expect } from "chai";
import fc from "fast-check";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { folderForEach } from "../support/folders";
import { exclusively, openStore, slotFor, TOKEN, waitFor } from "../support/stores";

describe("fuzz: cache files", () => {
  const folder = folderForEach();
  const slot = slotFor();
  const path = () => join(folder.path, entryName(slot));

  it("of any bytes are a miss", async () => {
    const { store, warnings } = openStore(folder.path);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, hasFormat) => {
        const content = hasFormat ? Buffer.concat([Buffer.from("yciam-token-2\n"), bytes]) : bytes;
        writeFileSync(path(), content, { mode: 0o600 });
        expect(await store.load(slot)).to.equal(undefined);
      }),
      { numRuns: 500 },
    );
    expect(warnings).to.have.length(1);
  });

  it("with any bit flipped, or any bytes changed, cut or doubled, are a miss; unchanged they are a hit", async () => {
    const { store } = openStore(folder.path);
    await store.save(slot, "the entry", TOKEN);
    const good = readFileSync(path());
    for (const index of good.keys()) {
      const bad = Buffer.from(good);
      bad[index] = (bad[index] as number) ^ (1 << (index % 8));
      writeFileSync(path(), bad);
      expect(await store.load(slot), `a bit of byte ${index}`).to.equal(undefined);
    }
    const changes = fc.record({
      at: fc.nat(good.length - 1),
      put: fc.uint8Array({ maxLength: 3 }),
      cut: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(changes, async ({ at, put, cut }) => {
        const changed = Buffer.concat([good.subarray(0, at), put, good.subarray(at + cut)]);
        writeFileSync(path(), changed);
        expect(await store.load(slot)).to.equal(changed.equals(good) ? "the entry" : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("beside them, locks of any content are waited out, and never break the work", async () => {
    const { store, warnings } = openStore(folder.path);
    const lock = `${path()}.lock`;
    const names = fc.array(fc.stringMatching(/^[\w -]{1,40}$/), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(names, fc.string(), async (holders, content) => {
        mkdirSync(lock);
        for (const holder of holders) writeFileSync(join(lock, holder), content, { mode: 0o600 });
        expect(await exclusively(store, slot, waitFor(5), async () => "done")).to.equal("done");
        rmSync(lock, { recursive: true });
      }),
      { numRuns: 100 },
    );
    expect(warnings).to.deep.equal([]);
  });
});
