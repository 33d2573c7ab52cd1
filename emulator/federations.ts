import type { KeySet } from "./jwt";
import { newId } from "./ids";

/** A workload identity federation: whose tokens are trusted. Its fields may be changed while the emulator runs. */
export interface Federation {
  readonly id: string;
  /** Must equal the `iss` of the subject token. */
  issuer: string;
  /** The subject token must name one of them in `aud`. */
  audiences: readonly string[];
  /** The issuer's public keys. */
  jwks: KeySet;
  /** A disabled federation trusts nobody. */
  enabled: boolean;
}

/** What {@link Federations.add} takes. */
export interface FederationOptions {
  readonly id?: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwks: KeySet;
  readonly enabled?: boolean;
}

/** Lets one external subject of a federation act as a service account. */
export interface FederatedCredential {
  readonly federationId: string;
  /** Compared whole with the `sub` of the subject token. */
  readonly subject: string;
  readonly serviceAccountId: string;
}

/** Federations and the credentials that bind their subjects to accounts. */
export class Federations {
  readonly #federations = new Map<string, Federation>();
  readonly #credentials: FederatedCredential[] = [];

  /** Adds a federation. */
  add({ id = newId(), enabled = true, ...rest }: FederationOptions): Federation {
    const federation = { id, enabled, ...rest };
    this.#federations.set(id, federation);
    return federation;
  }

  /** Binds a subject to an account; throws a RangeError for a federation that does not exist. */
  addCredential(credential: FederatedCredential): void {
    if (!this.#federations.has(credential.federationId)) {
      throw new RangeError(
        `No federation ${credential.federationId} in the emulator: call addFederation first`,
      );
    }
    this.#credentials.push({ ...credential });
  }

  /** The enabled federations of an issuer. */
  ofIssuer(issuer: unknown): Federation[] {
    return [...this.#federations.values()].filter((known) => known.enabled && known.issuer === issuer);
  }

  /** Whether the subject may act as the account. */
  isBound(wanted: FederatedCredential): boolean {
    return this.#credentials.some(
      (known) =>
        known.federationId === wanted.federationId &&
        known.subject === wanted.subject &&
        known.serviceAccountId === wanted.serviceAccountId,
    );
  }
}
