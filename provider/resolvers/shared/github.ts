import type { Call } from "../../core/token/call";
import type { Context } from "../../core/context";
import { CredentialError, ServiceError } from "../../core/words/errors";
import { say } from "../../core/words/message";
import { parseJson, replyError } from "../../core/iam/reply";
import { Secret } from "../../core/words/secret";
import { readServiceUrl } from "../../core/options/urls";

const URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
const WHAT = "GitHub's reply to the request for an OIDC token";

/** What a job of GitHub Actions needs to have these variables. */
export const GITHUB_PERMISSION = "give the job `permissions: id-token: write`";

/** Where a job of GitHub Actions asks for an OIDC token, and its right to do so. */
export interface GithubRequest {
  readonly url: URL;
  readonly token: Secret;
}

/**
 * The request of this job, or undefined outside a job that may ask for tokens.
 * @throws CredentialError when only one of the two variables is set; OptionError for an unusable URL
 */
export function readGithubRequest({ env }: Context): GithubRequest | undefined {
  const url = (env[URL_VARIABLE] ?? "").trim();
  const token = (env[TOKEN_VARIABLE] ?? "").trim();
  if (url === "" && token === "") return undefined;
  if (url === "" || token === "") {
    const [set, missing] = url === "" ? [TOKEN_VARIABLE, URL_VARIABLE] : [URL_VARIABLE, TOKEN_VARIABLE];
    throw new CredentialError(
      `${set} is set but ${missing} is not: GitHub Actions sets both. Pass both on to this step.`,
      "workloadIdentity",
    );
  }
  return { url: readServiceUrl(url, URL_VARIABLE, "workloadIdentity"), token: new Secret(token) };
}

/**
 * Asks GitHub for an OIDC token of this job.
 * @param audience `aud` of the token; without it GitHub puts the URL of the repository's owner
 * @throws CredentialError when GitHub refuses; ServiceError when it cannot be used
 */
export async function askGithub(
  request: GithubRequest,
  audience: string | undefined,
  { context, call }: { readonly context: Context; readonly call: Call },
): Promise<Secret> {
  const url = new URL(request.url);
  if (audience !== undefined) url.searchParams.set("audience", audience);
  const reply = await context
    .http({
      method: "GET",
      url: url.href,
      headers: { authorization: new Secret(`Bearer ${request.token.reveal()}`) },
      signal: call.signal,
      timeoutMs: call.remaining(),
      retries: call.retries,
    })
    .catch((error: unknown) => {
      throw asRefusal(error);
    });
  const { value } = parseJson(reply, WHAT);
  if (typeof value !== "string" || value === "") throw replyError(reply, WHAT, "has no value");
  return new Secret(value);
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof ServiceError) || ![400, 401, 403, 404].includes(error.reply.status ?? 0))
    return error;
  return new CredentialError(
    say`GitHub gave no OIDC token: ${error.text} To mend it, ${GITHUB_PERMISSION}.`,
    "workloadIdentity",
    error.reply,
  );
}
