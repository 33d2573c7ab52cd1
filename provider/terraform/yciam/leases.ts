import { randomUUID } from "node:crypto";
import { type TokenResult } from "../../app";
import { type Logger } from "../plugin/log";

/** An ephemeral token that the host has open. */
export interface Lease {
  readonly result: TokenResult;
  /** Makes the token useless, where that is wanted at its end. */
  readonly revoke?: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * The leases of this process. Both CLIs skip the closing of ephemeral resources after a failure or Ctrl-C, so what is
 * still open when the process ends is revoked then. The host is given a name of the lease alone, and no token.
 */
export class Leases {
  readonly #open = new Map<string, Lease>();
  /** What the end of the process waits for: openings under way, and last revocations. */
  readonly #pending = new Set<Promise<unknown>>();
  /** The end has begun, and may take until this aborts. */
  #ending: AbortSignal | undefined;

  constructor(private readonly logger: Logger) {}

  /** Keeps a lease once it is opened; the bytes name it. One that comes after the end began is revoked at once. */
  add(opening: Promise<Lease>): Promise<Uint8Array> {
    return this.#awaited(this.#keep(opening));
  }

  /** The lease that these bytes name, if it is open here. */
  find(bytes: Uint8Array | undefined): Lease | undefined {
    return this.#open.get(nameIn(bytes));
  }

  /** Ends a lease. A failed revocation leaves it open, to be tried once more at the end of the process. */
  async close(bytes: Uint8Array | undefined, signal: AbortSignal): Promise<void> {
    const lease = this.find(bytes);
    if (lease === undefined) return;
    const rest = [...this.#open.values()].filter((other) => other !== lease && isSame(other, lease));
    const [heir] = rest;
    if (heir === undefined) await this.#revoke(lease, signal);
    this.#open.delete(nameIn(bytes));
    // Others hold the same token still, as IAM hands one to several callers: the last of them takes it away.
    if (heir !== undefined && lease.revoke !== undefined) this.#bequeath(heir, lease.revoke);
  }

  /**
   * Ends all leases, those too that are still being opened. Never rejects: there is nobody left to tell but the log.
   *
   * @param signal aborts when there is no more time; what could not be revoked is then told
   */
  async closeAll(signal: AbortSignal): Promise<void> {
    this.#ending = signal;
    const leases = [...this.#open.values()].filter(({ revoke }) => revoke !== undefined);
    this.#open.clear();
    const tokens = leases.filter((lease, at) => leases.findIndex((other) => isSame(other, lease)) === at);
    for (const lease of tokens) void this.#awaited(this.#revokeOrTell(lease, signal));
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  async #keep(opening: Promise<Lease>): Promise<Uint8Array> {
    const lease = await opening;
    const id = randomUUID();
    if (this.#ending === undefined) this.#open.set(id, lease);
    else if (lease.revoke !== undefined) await this.#revokeOrTell(lease, this.#ending);
    return Buffer.from(id);
  }

  #awaited<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    return work.finally(() => this.#pending.delete(work));
  }

  async #revokeOrTell(lease: Lease, signal: AbortSignal): Promise<void> {
    const { fingerprint, expiresAt = "an unknown time" } = lease.result;
    try {
      await this.#revoke(lease, signal);
      this.logger.info("revoked a token that was not closed", { fingerprint });
    } catch (error) {
      this.logger.error(`could not revoke a token; it lives until ${expiresAt}`, {
        fingerprint,
        reason: error instanceof Error ? error.name : "unknown",
      });
    }
  }

  async #revoke({ revoke }: Lease, signal: AbortSignal): Promise<void> {
    await revoke?.(signal);
  }

  #bequeath(heir: Lease, revoke: NonNullable<Lease["revoke"]>): void {
    for (const [id, lease] of this.#open) if (lease === heir) this.#open.set(id, { revoke, ...lease });
  }
}

function nameIn(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

function isSame(one: Lease, other: Lease): boolean {
  return one.result.fingerprint === other.result.fingerprint;
}
