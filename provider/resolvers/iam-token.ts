import { CredentialError } from "../core/words/errors";
import { serverOf } from "../core/token/handed-on";
import { parseTime } from "../core/token/life";
import { say } from "../core/words/message";
import { defineResolver, isUnavailable, unavailable } from "../core/chain/resolver";
import { digest, looksLikeIamToken, looksLikeOauthToken } from "../core/token/token";
import { readBearer } from "./shared/bearer";
import { metadataSource } from "./shared/metadata";

/** A ready IAM token, as other tools hand it over. */
export const iamToken = defineResolver({
  name: "iamToken",
  summary: "A ready IAM token, such as the one that `yc iam create-token` prints. It is never renewed.",
  options: {
    token: {
      kind: "secret",
      env: [
        "YC_IAM_TOKEN",
        {
          name: "YC_TOKEN",
          when: (value) => !looksLikeOauthToken(value.trim()),
          note: "when it has the shape of an IAM token",
        },
      ],
      doc: "The token itself.",
    },
    expiresAt: {
      kind: "string",
      env: ["YCIAM_IAM_TOKEN_EXPIRES_AT"],
      doc: "When it dies, in RFC 3339 with a zone. Without it no life is promised. The variable tells of a token in a variable alone.",
    },
  },
  async resolve(input) {
    const { options, source, isFromVariable, iam, context } = input;
    if (options.token === undefined)
      return unavailable("no token is given", say`set ${source("token")} or YC_IAM_TOKEN`);
    const from = source("token");
    const token = readBearer(options.token, from, "iamToken.token");
    if (from === "YC_TOKEN" && !looksLikeIamToken(token.reveal())) {
      throw new CredentialError(
        say`YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.`,
        "iamToken.token",
      );
    }
    const server = isFromVariable("token") ? serverOf(token, context.env) : undefined;
    if (server !== undefined) {
      const served = await metadataSource({ ...input, only: false }, { address: server, setting: from });
      // The program that handed it on may have ended before this one.
      if (!isUnavailable(served)) return served;
    }
    const end = parseTime(options.expiresAt);
    if (options.expiresAt !== undefined && end === undefined) {
      throw new CredentialError(
        say`${source("expiresAt")} is not a time such as 2026-11-24T18:30:00Z.`,
        "iamToken.expiresAt",
      );
    }
    const isOfAnother = isFromVariable("expiresAt") && !isFromVariable("token");
    const expiresAt = isOfAnother ? undefined : end;
    if (expiresAt !== undefined && expiresAt <= iam.clock.now()) {
      throw new CredentialError(
        say`the token of ${from} has expired (${source("expiresAt")}). Get a new one.`,
        "iamToken.token",
      );
    }
    return {
      id: `iamToken ${digest(token.reveal())} ${expiresAt ?? ""}`,
      token: async () => ({ token, ...(expiresAt === undefined ? {} : { expiresAt }) }),
    };
  },
});
