import { option, say } from "../core/message";
import { defineResolver, unavailable } from "../core/resolver";
import { digest, looksLikeOauthToken } from "../core/token";
import { readBearer } from "./bearer";

/** The OAuth token of a Yandex account: a way that is being closed. */
export const oauthToken = defineResolver({
  name: "oauthToken",
  summary:
    "The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 2026, all by the end of 2026.",
  options: {
    token: {
      kind: "secret",
      env: [
        "YC_OAUTH_TOKEN",
        {
          name: "YC_TOKEN",
          when: (value) => looksLikeOauthToken(value.trim()),
          note: "when it has the shape of an OAuth token",
        },
      ],
      doc: "The token itself.",
    },
  },
  async resolve({ options, source, context, iam, dryRun }) {
    if (options.token === undefined) {
      return unavailable(
        "no OAuth token is given",
        say`set ${option("oauthToken.token")} or YC_OAUTH_TOKEN, or better a credential that lasts`,
      );
    }
    const token = readBearer(options.token, source("token"), "oauthToken.token");
    if (!dryRun) warn(context);
    return {
      id: `oauthToken ${digest(token.reveal())}`,
      material: token,
      token: (call) => iam.exchangeOauthToken(token, call),
    };
  },
});

type Context = Parameters<typeof oauthToken.resolve>[0]["context"];

function warn(context: Context): void {
  const said = context.memory.recall("warned", "oauthToken", () => ({ done: false }));
  if (said.done) return;
  said.done = true;
  const use = ["serviceAccountKey", "workloadIdentity", "ycCli"]
    .map((name) => context.spelling(name))
    .join(", ");
  context.log.warn(
    `OAuth tokens of Yandex accounts are being closed: those made since 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of ${use} instead.`,
  );
}
