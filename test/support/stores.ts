import type { StoreSlot, StoreWait, TokenStore } from "../../provider/core/context";
import { Secret } from "../../provider/core/words/secret";
import { DiskStore, type DiskStoreParts } from "../../provider/platform/disk-cache";

/** A disk store that keeps its warnings. */
export interface WatchedStore {
  readonly store: TokenStore;
  readonly warnings: string[];
}

/** The real disk store in a folder, by the real clock unless told otherwise. */
export function openStore(folder: string, parts: Partial<DiskStoreParts> = {}): WatchedStore {
  const warnings: string[] = [];
  const log = { debug: () => undefined, warn: (message: string) => void warnings.push(message) };
  return { store: new DiskStore({ folder, now: Date.now, log, ...parts }), warnings };
}

/** The place of one credential in a store. */
export function slotFor(identity = "identity", material = "the private key of someone"): StoreSlot {
  return { identity, material: new Secret(material) };
}

/** A token that entries of tests hold. */
export const TOKEN = new Secret("t1.sometokenofsomebody.signature");

/** A wait that nobody cuts short. */
export function waitFor(waitMs: number, signal = new AbortController().signal) {
  return { waitMs, signal };
}

/** Does some work under the lock of a slot, or without it when the wait is over. */
export async function exclusively<T>(
  store: TokenStore,
  slot: StoreSlot,
  wait: StoreWait,
  work: () => Promise<T>,
): Promise<T> {
  const release = await store.lock(slot, wait);
  try {
    return await work();
  } finally {
    await release?.();
  }
}
