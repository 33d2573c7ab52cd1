import { randomBytes } from "node:crypto";
import { ApiError } from "./errors";
import { newId } from "./ids";

/** OAuth tokens issued on this day or later are refused (announced by the cloud for 1 June 2026). */
export const OAUTH_CUT_OFF = "2026-06-01";

const CUT_OFF_MS = Date.parse(OAUTH_CUT_OFF);
const LIFETIME_MS = 365 * 24 * 3600 * 1000;

/** An OAuth token to make known; everything has a default, which is a token that works. */
export interface OauthTokenOptions {
  /** Default: a new one of the real shape. */
  readonly token?: string;
  /** The user. */
  readonly subjectId?: string;
  /**
   * Milliseconds since the epoch, or an ISO date. Given, it decides both the cut-off and the end of life a year
   * later; left out, the token is from before the cut-off and does not end.
   */
  readonly issuedAt?: number | string;
  /** Treated as expired, whatever its age. */
  readonly expired?: boolean;
  /** False for a Yandex user who never entered the cloud. */
  readonly registered?: boolean;
}

/** An OAuth token that the emulator knows. */
export interface OauthToken {
  readonly token: string;
  readonly subjectId: string;
}

interface Stored extends OauthToken {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly registered: boolean;
}

/** OAuth tokens of Yandex accounts. */
export class OauthTokens {
  readonly #tokens = new Map<string, Stored>();

  /** Makes a token known. */
  add(options: OauthTokenOptions = {}): OauthToken {
    const token = options.token ?? `y0_${randomBytes(42).toString("base64url").slice(0, 55)}`;
    const subjectId = options.subjectId ?? newId();
    const { issuedAt } = options;
    const issued = issuedAt === undefined ? CUT_OFF_MS - 1 : new Date(issuedAt).getTime();
    const expiresAt = issuedAt === undefined ? Infinity : issued + LIFETIME_MS;
    this.#tokens.set(token, {
      token,
      subjectId,
      issuedAt: issued,
      expiresAt: options.expired === true ? -Infinity : expiresAt,
      registered: options.registered ?? true,
    });
    return { token, subjectId };
  }

  /** The user of the token; throws ApiError with the texts seen from the real service. */
  verify(token: string, now: number): string {
    const found = this.#tokens.get(token);
    if (found === undefined || found.expiresAt <= now)
      throw new ApiError(16, "OAuth token is invalid or expired");
    if (!found.registered) throw new ApiError(16, "User does not registered in Yandex.cloud");
    if (found.issuedAt >= CUT_OFF_MS) {
      const text = `issued after '${OAUTH_CUT_OFF}', is not supported for IAM token exchange`;
      throw new ApiError(3, `OAuth token for user '${found.subjectId}', ${text}`);
    }
    return found.subjectId;
  }
}
