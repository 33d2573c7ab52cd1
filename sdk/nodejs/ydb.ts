/**
 * For YDB's SDK, by the base class of all its credentials, from `@ydbjs/auth`:
 *
 *     const credentialsProvider = ydbCredentials(CredentialsProvider, createTokenSource());
 *     const driver = new Driver("grpcs://ydb.serverless.yandexcloud.net:2135/?database=/ru-central1/...", { credentialsProvider });
 */
import type { Secret, TokenSource } from "./token";

/** What `CredentialsProvider` leaves to those who extend it. */
export interface TokenProvider {
  /**
   * @param force whether the token given last is to be asked for anew
   * @param signal ends the wait, with its own reason
   */
  getToken(force?: boolean, signal?: AbortSignal): Promise<string>;
}

/**
 * Credentials that give YDB's driver a token that lives: that of `createTokenSource()` in `yciam/token`.
 * @param base the class `CredentialsProvider`, of the same copy of `@ydbjs/auth` that the driver uses
 */
export function ydbCredentials<P extends TokenProvider>(base: abstract new () => P, tokens: TokenSource): P {
  let last: Secret | undefined;
  class YciamCredentialsProvider extends (base as unknown as new () => TokenProvider) {
    override async getToken(force = false, signal?: AbortSignal): Promise<string> {
      // A token that a service refused may still be held, in memory or on disk.
      if (force) await tokens.forget(last ?? (await tokens.getToken(signal)).token);
      const { token } = await tokens.getToken(signal);
      last = token;
      return token.reveal();
    }
  }
  return new YciamCredentialsProvider() as P;
}
