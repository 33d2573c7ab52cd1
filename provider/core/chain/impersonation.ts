import type { Iam } from "../iam/iam";
import { isDeadToken } from "../iam/refusal";
import type { Call } from "../token/call";
import type { TokenSource } from "../token/source";
import type { IamToken } from "../token/token";
import { CredentialError } from "../words/errors";
import { option, say } from "../words/message";
import type { Secret } from "../words/secret";

const PATH = "impersonate.serviceAccountId";

/**
 * Wraps a source: its token is used to ask for one of another service account, and that one is handed out.
 * @param forget drops a token of the source that turned out to be dead, so that it gives another one
 */
export function impersonated(
  source: TokenSource,
  serviceAccountId: string,
  iam: Iam,
  forget: (token: Secret) => Promise<void>,
): TokenSource {
  const ask = async (own: IamToken, call: Call): Promise<IamToken> => {
    try {
      return await iam.impersonate(own.token, serviceAccountId, call);
    } catch (error) {
      throw isDeadToken(error) ? error : explain(error);
    }
  };
  return {
    id: `${source.id} as ${serviceAccountId}`,
    ...(source.material === undefined ? {} : { material: source.material }),
    token: async (call) => {
      const own = await source.token(call);
      try {
        return await ask(own, call);
      } catch (error) {
        if (!isDeadToken(error)) throw error;
        // Somebody revoked it: IAM hands one token to several callers.
        await forget(own.token);
        const other = await source.token(call);
        if (other.token.reveal() === own.token.reveal()) throw explain(error);
        return ask(other, call).catch(async (second: unknown) => {
          if (isDeadToken(second)) await forget(other.token);
          throw isDeadToken(second) ? explain(second) : second;
        });
      }
    },
  };
}

/** A refusal with what it means for an impersonation. Only 403 speaks of a role. */
function explain(error: unknown): unknown {
  if (!(error instanceof CredentialError)) return error;
  const { status } = error.reply;
  const meaning =
    status === 403
      ? " The caller needs the role iam.serviceAccounts.tokenCreator on that account or its folder."
      : status === 401
        ? " The caller's own token is dead: it was revoked or has expired. Get a new one."
        : "";
  return new CredentialError(
    say`cannot impersonate the service account of ${option(PATH)}: ${error.text}${meaning}`,
    PATH,
    error.reply,
  );
}
