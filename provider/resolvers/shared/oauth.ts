import type { Context } from "../../core/context";
import type { Iam } from "../../core/iam/iam";
import type { TokenSource } from "../../core/token/source";
import type { Secret } from "../../core/words/secret";
import { digest } from "../../core/token/token";

/** The token source of a Yandex account's OAuth token. It warns, once in a process, that this way is being closed. */
export function oauthSource(
  token: Secret,
  { context, iam }: { readonly context: Context; readonly iam: Iam },
): TokenSource {
  warn(context);
  return {
    id: `oauthToken ${digest(token.reveal())}`,
    material: token,
    token: (call) => iam.exchangeOauthToken(token, call),
  };
}

function warn(context: Context): void {
  if (context.session.isOauthTold) return;
  context.session.isOauthTold = true;
  const use = ["serviceAccountKey", "workloadIdentity", "ycCli"]
    .map((name) => context.spelling(name))
    .join(", ");
  context.log.warn(
    `OAuth tokens of Yandex accounts are being closed: those made since 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of ${use} instead.`,
  );
}
