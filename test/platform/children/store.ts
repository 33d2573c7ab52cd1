import { Secret } from "../../../provider/core/words/secret";
import { DiskStore } from "../../../provider/platform/disk-cache";
import { exclusively, waitFor } from "../../support/stores";

/** Uses the store of the folder given as an argument without a pause, until it is killed. */
async function main(folder: string): Promise<void> {
  const log = { debug: () => undefined, warn: (message: string) => console.log(message) };
  const store = new DiskStore({ folder, now: Date.now, log });
  const slot = { identity: "identity", material: new Secret("the private key of someone") };
  console.log("ready");
  for (;;) {
    await exclusively(store, slot, waitFor(10_000), async () => {
      await store.load(slot);
      await store.save(slot, "x".repeat(1000), new Secret("t1.a.b"));
    });
  }
}

void main(process.argv[2] as string);
