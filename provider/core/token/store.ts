import type { Log } from "../words/log";
import type { Secret } from "../words/secret";

/** Encrypted entries that outlive the process; each failure is a miss, reported once by the store itself. */
export interface TokenStore {
  load(slot: StoreSlot): Promise<string | undefined>;
  /** @param token the one that the entry holds, by which `forget` finds it */
  save(slot: StoreSlot, entry: string, token: Secret): Promise<void>;
  /** Removes every entry that holds this token, whichever credential it came from. */
  forget(token: Secret): Promise<void>;
  /**
   * Keeps other processes from the slot until what it resolves to is called; undefined when the wait is over without
   * that. Rejects with the signal's reason alone.
   */
  lock(slot: StoreSlot, wait: StoreWait): Promise<Release | undefined>;
}

/** Gives a lock back; never rejects. */
export type Release = () => Promise<void>;

/** How long to wait for other processes, and what ends the wait. */
export interface StoreWait {
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly waitMs: number;
}

/** Names one entry of a {@link TokenStore} and holds what encrypts it. */
export interface StoreSlot {
  /** Credential, endpoint and impersonation: bound into the entry, so that it fits nothing else. */
  readonly identity: string;
  /** The credential's own secret material, from which the entry's key is derived. */
  readonly material: Secret;
  /** Where the user of this call sees what is wrong with the store; default the store's own log. */
  readonly log?: Log;
}
