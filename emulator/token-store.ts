import { randomBytes, randomInt } from "node:crypto";
import { type Clock } from "./clock";
import { nanoTimestamp } from "./ids";

/** A token that was made, with its true life. */
export interface IssuedToken {
  readonly token: string;
  readonly subjectId: string;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly expiresAt: number;
  /** The same as the API writes it: RFC 3339 with nine fractional digits. */
  readonly expiresAtText: string;
  revoked: boolean;
}

/** How long tokens live, and how long one is shared; read at each call. */
export interface TokenSettings {
  /** Life of a new token in milliseconds. */
  tokenLifetimeMs: number;
  /**
   * A subject is given the token it already has while that one's remaining life is above this (milliseconds);
   * undefined means nine tenths of the lifetime, Infinity a new token each time. A new one never ends an older one.
   */
  reuseWhileMs: number | undefined;
}

/** Exceptions to the settings for one token. */
export interface IssueOptions {
  /** A fresh token with this life in milliseconds, never shared. */
  readonly shortLifeMs?: number | undefined;
  /** In place of the setting `reuseWhileMs`. */
  readonly reuseWhileMs?: number | undefined;
}

/** Makes IAM tokens of the real shape (`t1.`, an opaque body, 86 letters of what would be a signature) and knows them again. */
export class TokenStore {
  readonly #byToken = new Map<string, IssuedToken>();
  /** Every token made, oldest first. */
  readonly issued: IssuedToken[] = [];

  constructor(
    private readonly settings: TokenSettings,
    private readonly clock: Clock,
  ) {}

  /** The token to give to a subject: the one it has while fresh enough, else a new one. */
  issue(subjectId: string, options: IssueOptions = {}): IssuedToken {
    const { tokenLifetimeMs } = this.settings;
    if (options.shortLifeMs !== undefined) return this.#mint(subjectId, options.shortLifeMs);
    const reuseWhileMs = options.reuseWhileMs ?? this.settings.reuseWhileMs ?? tokenLifetimeMs * 0.9;
    return this.#newest(subjectId, this.clock.now() + reuseWhileMs) ?? this.#mint(subjectId, tokenLifetimeMs);
  }

  /** The token's record when it is one of ours, lives and is not revoked. */
  findValid(token: string): IssuedToken | undefined {
    const found = this.#byToken.get(token);
    return found !== undefined && !found.revoked && found.expiresAt > this.clock.now() ? found : undefined;
  }

  #newest(subjectId: string, mustOutlive: number): IssuedToken | undefined {
    return this.issued.findLast(
      (token) => token.subjectId === subjectId && !token.revoked && token.expiresAt > mustOutlive,
    );
  }

  #mint(subjectId: string, lifeMs: number): IssuedToken {
    const issuedAt = this.clock.now();
    const expiresAt = issuedAt + lifeMs;
    const record: IssuedToken = {
      token: `t1.${randomBytes(72).toString("base64url")}.${randomBytes(64).toString("base64url")}`,
      subjectId,
      issuedAt,
      expiresAt,
      expiresAtText: nanoTimestamp(expiresAt, randomInt(1_000_000)),
      revoked: false,
    };
    this.issued.push(record);
    this.#byToken.set(record.token, record);
    return record;
  }
}
