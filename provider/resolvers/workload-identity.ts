import type { Call } from "../core/token/call";
import { CredentialError, OptionError } from "../core/words/errors";
import { hintInstallation } from "../core/iam/refusal";
import { option, say, type Text } from "../core/words/message";
import { defineResolver, type ResolverInput, unavailable, type Unavailable } from "../core/chain/resolver";
import { type Secret } from "../core/words/secret";
import { digest } from "../core/token/token";
import { readFile, readFileIfThere } from "./shared/files";
import { askGithub, GITHUB_PERMISSION, readGithubRequest } from "./shared/github";
import { describeSubjectToken, readSubjectToken, type SubjectTokens } from "./shared/subject-token";

const NAME = "workloadIdentity";
/** Where a pod's projected token is by convention (iam-facts 7.5). */
const DEFAULT_FILE = "/var/run/secrets/tokens/yc-wif/token";

const options = {
  serviceAccountId: {
    kind: "string",
    env: ["YC_WIF_SA_ID"],
    doc: "Id of the service account that the external identity acts as.",
  },
  tokenFile: {
    kind: "path",
    env: ["YC_WIF_TOKEN_FILE"],
    default: DEFAULT_FILE,
    doc: "File with the OIDC token, read again at every exchange; the default counts only where it exists.",
  },
  token: {
    kind: "secret",
    env: ["YCIAM_WORKLOAD_IDENTITY_TOKEN"],
    doc: "The OIDC token itself, such as GitLab's `id_tokens` put in a variable.",
  },
  githubAudience: {
    kind: "string",
    env: ["YCIAM_WORKLOAD_IDENTITY_GITHUB_AUDIENCE"],
    doc: "Audience asked of GitHub Actions, where the token comes from ACTIONS_ID_TOKEN_REQUEST_URL; GitHub's default is the owner's URL.",
  },
} as const;

type Input = ResolverInput<typeof options>;

/** An identity of another place (a CI job, a pod) that acts as a service account: no key is kept anywhere. */
export const workloadIdentity = defineResolver({
  name: NAME,
  summary:
    "An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token.",
  options,
  async resolve(input) {
    const { serviceAccountId } = input.options;
    if (serviceAccountId === undefined) return withoutAccount(input);
    const account = readAccount(serviceAccountId, input.source("serviceAccountId"));
    const subject = await findSubjectTokens(input);
    // Says at once that no address is known for the exchange.
    input.iam.authRoot();
    if (input.dryRun) await subject.check();
    return {
      // No secret material: the subject token is rotated, so what it buys stays in memory.
      id: `workloadIdentity ${account} ${subject.id}`,
      token: async (call) => {
        const subjectToken = await subject.read(call);
        return input.iam.exchangeSubjectToken(subjectToken, account, call).catch((error: unknown) => {
          throw explainRefusal(error, subjectToken, account, input);
        });
      },
    };
  },
});

/** A token without an account is half a credential; GitHub's variables alone are none: many jobs have them. */
function withoutAccount({ options: given, source, context }: Input): Unavailable {
  const set = (["token", "tokenFile", "githubAudience"] as const).find((name) => given[name] !== undefined);
  if (set !== undefined) {
    throw new CredentialError(
      say`${source(set)} is set, but not whose token is wanted: set ${option("workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID to the id of a service account.`,
      "workloadIdentity.serviceAccountId",
    );
  }
  const atGithub = (context.env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "") !== "";
  return unavailable(
    atGithub
      ? "this job of GitHub Actions may ask for OIDC tokens, but no service account is named"
      : "no service account is named to exchange an OIDC token for",
    say`set ${option("workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID`,
  );
}

function readAccount(id: string, from: Text): string {
  if (/^[-\w]{1,50}$/.test(id)) return id;
  throw new OptionError(
    say`${from} is not the id of a service account: letters and digits, 50 at most, such as aje0123456789abcdefg.`,
    "workloadIdentity.serviceAccountId",
  );
}

/** A value or a file that was given; else GitHub's own; else the file of the convention, where there is one. */
async function findSubjectTokens(input: Input): Promise<SubjectTokens> {
  checkAudience(input);
  const found = fromOptions(input) ?? fromGithub(input) ?? (await fromConvention(input));
  if (found === undefined) throw noSubjectToken(input);
  return found;
}

function checkAudience({ options: given, source }: Input): void {
  if (!/[^\x21-\x7e]/.test(given.githubAudience ?? "")) return;
  throw new OptionError(
    say`${source("githubAudience")} has a space or another character that no audience has.`,
    "workloadIdentity.githubAudience",
  );
}

/** What was given as an option goes before a variable; two of one kind are a contradiction. */
function fromOptions(input: Input): SubjectTokens | undefined {
  const { options: given, source, isFromVariable } = input;
  const { token, tokenFile } = given;
  const isOption = (name: "token" | "tokenFile") => !isFromVariable(name);
  if (token === undefined)
    return tokenFile === undefined ? undefined : fromFile(tokenFile, source("tokenFile"), input);
  if (tokenFile === undefined) return fromValue(token, input);
  if (isOption("token") === isOption("tokenFile")) {
    throw new CredentialError(
      say`${source("token")} and ${source("tokenFile")} are both set. Leave one of them out.`,
      NAME,
    );
  }
  return isOption("token") ? fromValue(token, input) : fromFile(tokenFile, source("tokenFile"), input);
}

async function fromConvention(input: Input): Promise<SubjectTokens | undefined> {
  // Who names an audience for GitHub means GitHub.
  if (input.options.githubAudience !== undefined) return undefined;
  const from = option("workloadIdentity.tokenFile");
  const there = await readFileIfThere(DEFAULT_FILE, { from, option: NAME }, input);
  return there === undefined ? undefined : fromFile(DEFAULT_FILE, from, input);
}

function fromValue(raw: Secret, { source }: Input): SubjectTokens {
  const token = readSubjectToken(raw, source("token"), "workloadIdentity.token");
  return {
    id: `token ${digest(token.reveal())}`,
    read: async () => token,
    check: async () => undefined,
  };
}

function fromFile(path: string, from: Text, { context, call: now }: Input): SubjectTokens {
  const read = async (call: Call) => {
    const text = await readFile(path, { from, option: "workloadIdentity.tokenFile" }, { context, call });
    return readSubjectToken(text, say`the file of ${from} (${path})`, "workloadIdentity.tokenFile");
  };
  return { id: `file ${path}`, read, check: async () => void (await read(now)) };
}

function fromGithub({ options: given, context }: Input): SubjectTokens | undefined {
  const request = readGithubRequest(context);
  if (request === undefined) return undefined;
  const audience = given.githubAudience;
  return {
    id: `github ${audience ?? ""} ${digest(request.token.reveal())}`,
    read: async (call) => {
      const token = await askGithub(request, audience, { context, call });
      return readSubjectToken(token, "GitHub's reply", NAME);
    },
    check: async () => undefined,
  };
}

function noSubjectToken({ source, context, options: given }: Input): CredentialError {
  const atGithub = context.env["GITHUB_ACTIONS"] === "true" || given.githubAudience !== undefined;
  const where = atGithub
    ? say`In GitHub Actions, ${GITHUB_PERMISSION}`
    : say`Set ${option("workloadIdentity.tokenFile")}, YC_WIF_TOKEN_FILE or ${option("workloadIdentity.token")}; in a pod, mount a projected token at ${DEFAULT_FILE}; in GitHub Actions, ${GITHUB_PERMISSION}`;
  const set = given.githubAudience === undefined ? "serviceAccountId" : "githubAudience";
  return new CredentialError(
    say`${source(set)} is set, but there is no OIDC token to exchange. ${where}.`,
    "workloadIdentity",
  );
}

function explainRefusal(error: unknown, subjectToken: Secret, account: string, { iam }: Input): unknown {
  if (!(error instanceof CredentialError)) return error;
  const claims = describeSubjectToken(subjectToken, iam.clock.now());
  const said = claims === "" ? "" : ` The OIDC token says: ${claims}.`;
  const refusal = new CredentialError(
    say`${error.text}${said} A federation must trust this issuer and audience, and a federated credential must bind exactly this subject to the service account ${account}.`,
    NAME,
    error.reply,
  );
  return hintInstallation(refusal, account, iam.endpoints);
}
