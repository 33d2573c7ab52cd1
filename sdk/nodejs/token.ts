/**
 * Tokens for programs without Pulumi: nothing of it is loaded here.
 *
 *     const source = createTokenSource({ serviceAccountKey: { file: "key.json" } });
 *     const { token } = await source.getToken();
 *     headers.authorization = `Bearer ${token.reveal()}`;
 */
import { createApp, type TokenResult } from "../../provider/app";
import { loadSigner } from "../../provider/core/iam/assertion";
import type { Log } from "../../provider/core/words/log";
import type { Secret } from "../../provider/core/words/secret";
import type { GetIamTokenArgs } from "./plain-options";
import { nodeContext } from "./context";

export type { TokenResult } from "../../provider/app";
export type { Log } from "../../provider/core/words/log";
export { Secret } from "../../provider/core/words/secret";
export {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
  YciamError,
} from "../../provider/core/words/errors";
export type { GetIamTokenArgs } from "./plain-options";

/** Gives tokens of one identity for as long as a program runs. */
export interface TokenSource {
  /**
   * A token with at least `minRemainingValidity` left; a held one costs microseconds. Rejects with a `YciamError`, which
   * has a literal `code` and no secret in it, or with the signal's own reason.
   */
  getToken(signal?: AbortSignal): Promise<TokenResult>;
  /** Drops a token that a service refused: IAM is asked for the next one. Never rejects. */
  forget(token: Secret): Promise<void>;
}

/**
 * Reads the options, and the environment, once; asks nothing of the network before the first token.
 * @param args as for `getIamToken`; with none, the environment decides
 * @param log where warnings go, such as that IAM does not answer and the old token is used; default Node's own
 * @throws OptionError for an option that cannot be used
 */
export function createTokenSource(args: GetIamTokenArgs = {}, log?: Log): TokenSource {
  const context = nodeContext(log);
  const app = createApp({ ...args }, context);
  // Who makes a source may have a crowd of callers a moment later, and they would all wait for this.
  context.loadHttp?.();
  loadSigner();
  return { getToken: (signal) => app.getIamToken(signal), forget: (token) => app.forget(token) };
}
