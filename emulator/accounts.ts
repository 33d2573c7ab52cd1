import { newId } from "./ids";

/** A service account. */
export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
}

/** What {@link Accounts.add} takes; everything has a default. */
export interface ServiceAccountOptions {
  readonly id?: string;
  readonly name?: string;
  /** Accounts on which the new one has the role `iam.serviceAccounts.tokenCreator`. */
  readonly tokenCreatorOn?: readonly string[];
}

/** Service accounts, and who may make tokens for them. */
export class Accounts {
  readonly #accounts = new Map<string, ServiceAccount>();
  readonly #roles = new Set<string>();

  /** Adds an account. */
  add(options: ServiceAccountOptions = {}): ServiceAccount {
    const id = options.id ?? newId();
    const account = { id, name: options.name ?? `sa-${id.slice(-4)}` };
    this.#accounts.set(id, account);
    for (const target of options.tokenCreatorOn ?? []) this.grantTokenCreator(id, target);
    return account;
  }

  /** The account, or undefined. */
  find(id: string): ServiceAccount | undefined {
    return this.#accounts.get(id);
  }

  /** Deletes an account; its keys stop working. Tokens already issued stay valid (what IAM does is unconfirmed). */
  delete(id: string): void {
    this.#accounts.delete(id);
  }

  /** Gives a subject (an account, or the user of an OAuth token) the role on an account. */
  grantTokenCreator(subjectId: string, serviceAccountId: string): void {
    this.#roles.add(`${subjectId} ${serviceAccountId}`);
  }

  /** Gives a subject the role `iam.serviceAccounts.ephemeralAccessKeyAdmin` on an account. */
  grantAccessKeyAdmin(subjectId: string, serviceAccountId: string): void {
    this.#roles.add(`${subjectId} ${serviceAccountId} keys`);
  }

  /** Whether the subject may make access keys for the account: its own, or one that it has the role on. */
  mayCreateAccessKeys(subjectId: string, serviceAccountId: string): boolean {
    return subjectId === serviceAccountId || this.#roles.has(`${subjectId} ${serviceAccountId} keys`);
  }

  /** Whether the subject may make tokens for the account. */
  mayCreateTokens(subjectId: string, serviceAccountId: string): boolean {
    return this.#roles.has(`${subjectId} ${serviceAccountId}`);
  }
}
