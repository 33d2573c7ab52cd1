import type { Secret } from "../words/secret";
import { isDeadToken } from "./refusal";

/** How to get by with tokens that somebody may have revoked: IAM hands one token to several callers. */
export interface LiveToken<T> {
  /** A token: another one, after the former was forgotten. */
  readonly get: () => Promise<T>;
  /** Drops a token that turned out to be dead. */
  readonly forget: (token: Secret) => Promise<void>;
  /** Says what a failure of the use means. */
  readonly explain: (error: unknown) => unknown;
}

/** Uses a token. One that is dead is forgotten, and another one is asked for, once. */
export async function withLiveToken<T extends { readonly token: Secret }, R>(
  { get, forget, explain }: LiveToken<T>,
  use: (token: T) => Promise<R>,
): Promise<R> {
  const own = await get();
  try {
    return await use(own);
  } catch (error) {
    if (!isDeadToken(error)) throw explain(error);
    await forget(own.token);
    const other = await get();
    if (other.token.reveal() === own.token.reveal()) throw explain(error);
    return use(other).catch(async (second: unknown) => {
      if (isDeadToken(second)) await forget(other.token);
      throw explain(second);
    });
  }
}
