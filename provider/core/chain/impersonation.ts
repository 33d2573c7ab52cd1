import type { Iam } from "../iam/iam";
import { withLiveToken } from "../iam/live-token";
import type { TokenSource } from "../token/source";
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
  return {
    id: `${source.id} as ${serviceAccountId}`,
    ...(source.material === undefined ? {} : { material: source.material }),
    token: async (call) =>
      withLiveToken({ get: () => source.token(call), forget, explain }, (own) =>
        iam.impersonate(own.token, serviceAccountId, call),
      ),
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
