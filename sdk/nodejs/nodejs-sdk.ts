/**
 * For the official Node SDK, `@yandex-cloud/nodejs-sdk`, whose own `iamToken` is one token and dies after 12 hours:
 *
 *     const session = new Session(sessionCredentials(createTokenSource()));
 */
import { inspect } from "node:util";
import type { TokenSource } from "./token";

/** The part of the SDK's `SessionConfig` by which it takes a token; to be spread where more of it is given. */
export interface SessionCredentials {
  /** Text as far as the SDK's types go. It waits for it before each call, and gets the token of that moment. */
  readonly iamToken: string;
}

/**
 * Gives every call of a session a token that lives: that of `createTokenSource()` in `yciam/token`.
 * @param tokens asked before each call; what it rejects with, the call rejects with
 */
export function sessionCredentials(tokens: TokenSource): SessionCredentials {
  return { iamToken: new TokenOfTheMoment(tokens) as unknown as string };
}

/** Is waited for like a promise, but asks anew each time. */
class TokenOfTheMoment implements PromiseLike<string> {
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
  }

  then<A = string, B = never>(
    onToken?: ((token: string) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#tokens
      .getToken()
      .then(({ token }) => token.reveal())
      .then(onToken, onError);
  }

  /** An SDK that does not wait for it must not send it as text, which would be refused as a wrong token. */
  toString(): never {
    throw new TypeError(
      "yciam/nodejs-sdk: who uses this iamToken does not wait for it, which `Session` of @yandex-cloud/nodejs-sdk 2 and 3 does: get a token by getToken() of yciam/token.",
    );
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
