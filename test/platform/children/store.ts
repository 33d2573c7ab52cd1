import { Secret } from "../../../provider/core/words/secret";
import { createDiskStore } from "../../../provider/platform/disk-cache";

/** Uses the store of the folder given as an argument without a pause, until it is killed. */
async function main(folder: string): Promise<void> {
  const log = { debug: () => undefined, warn: (message: string) => console.log(message) };
  const store = createDiskStore({ folder, now: Date.now, log });
  const slot = { identity: "identity", material: new Secret("the private key of someone") };
  console.log("ready");
  for (;;) {
    await store.exclusively(slot, { signal: new AbortController().signal, waitMs: 10_000 }, async () => {
      await store.load(slot);
      await store.save(slot, "x".repeat(1000), new Secret("t1.a.b"));
    });
  }
}

void main(process.argv[2] as string);
