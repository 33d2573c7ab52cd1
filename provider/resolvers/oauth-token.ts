import { option, say } from "../core/words/message";
import { defineResolver, unavailable } from "../core/chain/resolver";
import { looksLikeOauthToken } from "../core/token/token";
import { readBearer } from "./shared/bearer";
import { oauthSource } from "./shared/oauth";

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
  async resolve({ options, source, context, iam }) {
    if (options.token === undefined) {
      return unavailable(
        "no OAuth token is given",
        say`set ${option("oauthToken.token")} or YC_OAUTH_TOKEN, or better a credential that lasts`,
      );
    }
    const token = readBearer(options.token, source("token"), "oauthToken.token");
    return oauthSource(token, { context, iam });
  },
});
