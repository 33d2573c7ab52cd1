import { CredentialError, OptionError } from "../core/errors";
import { hintInstallation } from "../core/installation-hint";
import { joinText, option, type OptionRef, say, type Text } from "../core/message";
import { defineResolver, type ResolverInput, unavailable, type Unavailable } from "../core/resolver";
import { type Secret } from "../core/secret";
import { digest } from "../core/token";
import { readFile } from "./shared/files";
import { askGithub, GITHUB_PERMISSION, readGithubRequest } from "./shared/github";
import { describeSubjectToken, readSubjectToken, type SubjectTokens } from "./shared/subject-token";

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
  name: "workloadIdentity",
  summary:
    "An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token.",
  options,
  async resolve(input) {
    const { serviceAccountId } = input.options;
    if (serviceAccountId === undefined) return withoutAccount(input);
    const account = readAccount(serviceAccountId, input.source("serviceAccountId"));
    const subject = await findSubjectTokens(input);
    // Says at once that no address is known for the exchange.
    input.iam.endpoints.auth();
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
      say`${joinText([source(set)], "")} is set, but not whose token is wanted: set ${option("workloadIdentity.serviceAccountId")} or YC_WIF_SA_ID to the id of a service account.`,
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

function readAccount(id: string, from: Text | OptionRef): string {
  if (/^[-\w]{1,50}$/.test(id)) return id;
  throw new OptionError(
    say`${joinText([from], "")} is not the id of a service account: letters and digits, 50 at most, such as aje0123456789abcdefg.`,
    "workloadIdentity.serviceAccountId",
  );
}

/** A value or a file that was given; else GitHub's own; else the file of the convention, where there is one. */
async function findSubjectTokens(input: Input): Promise<SubjectTokens> {
  const { options: given, context } = input;
  if (given.githubAudience !== undefined && /[^\x21-\x7e]/.test(given.githubAudience)) {
    throw new OptionError(
      say`${joinText([input.source("githubAudience")], "")} has a space or another character that no audience has.`,
      "workloadIdentity.githubAudience",
    );
  }
  const file = given.tokenFile;
  if (given.token !== undefined && file !== undefined && isAmbiguous(input)) {
    throw new CredentialError(
      say`${joinText([input.source("token")], "")} and ${joinText([input.source("tokenFile")], "")} are both set. Leave one of them out.`,
      "workloadIdentity",
    );
  }
  const tokenCounts = given.token !== undefined && (file === undefined || isGiven(input, "token"));
  if (tokenCounts) return fromValue(given.token, input);
  if (file !== undefined) return fromFile(file, input.source("tokenFile"), input);
  const github = fromGithub(input);
  if (github !== undefined) return github;
  if (given.githubAudience === undefined && (await exists(context, DEFAULT_FILE)))
    return fromFile(DEFAULT_FILE, option("workloadIdentity.tokenFile"), input);
  throw noSubjectToken(input);
}

function isGiven({ source }: Input, name: "token" | "tokenFile"): boolean {
  return typeof source(name) !== "string";
}

/** What was given as an option goes before a variable; two of one kind are a contradiction. */
function isAmbiguous(input: Input): boolean {
  return isGiven(input, "token") === isGiven(input, "tokenFile");
}

function fromValue(raw: Secret, { source }: Input): SubjectTokens {
  const token = readSubjectToken(raw, source("token"), "workloadIdentity.token");
  return {
    id: `token ${digest(token.reveal())}`,
    read: async () => token,
    check: async () => undefined,
  };
}

function fromFile(path: string, from: Text | OptionRef, { context }: Input): SubjectTokens {
  const read = async () => {
    const text = await readFile(context, path, from, "workloadIdentity.tokenFile");
    return readSubjectToken(
      text,
      say`the file of ${joinText([from], "")} (${path})`,
      "workloadIdentity.tokenFile",
    );
  };
  return { id: `file ${path}`, read, check: async () => void (await read()) };
}

function fromGithub({ options: given, context, iam }: Input): SubjectTokens | undefined {
  const request = readGithubRequest(context);
  if (request === undefined) return undefined;
  const audience = given.githubAudience;
  return {
    id: `github ${audience ?? ""} ${digest(request.token.reveal())}`,
    read: async (call) => {
      const token = await askGithub(request, audience, { context, call, retries: iam.retries });
      return readSubjectToken(token, "GitHub's reply", "workloadIdentity");
    },
    check: async () => undefined,
  };
}

async function exists(context: Input["context"], path: string): Promise<boolean> {
  return context.files.read(path).then(
    () => true,
    // One that may not be read is there, and its error says so when it is read in earnest.
    (error: { code?: unknown }) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
}

function noSubjectToken({ source, context, options: given }: Input): CredentialError {
  const atGithub = context.env["GITHUB_ACTIONS"] === "true" || given.githubAudience !== undefined;
  const where = atGithub
    ? say`In GitHub Actions, ${GITHUB_PERMISSION}`
    : say`Set ${option("workloadIdentity.tokenFile")}, YC_WIF_TOKEN_FILE or ${option("workloadIdentity.token")}; in a pod, mount a projected token at ${DEFAULT_FILE}; in GitHub Actions, ${GITHUB_PERMISSION}`;
  const set = given.githubAudience === undefined ? "serviceAccountId" : "githubAudience";
  return new CredentialError(
    say`${joinText([source(set)], "")} is set, but there is no OIDC token to exchange. ${where}.`,
    "workloadIdentity",
  );
}

function explainRefusal(error: unknown, subjectToken: Secret, account: string, { iam }: Input): unknown {
  if (!(error instanceof CredentialError)) return error;
  const claims = describeSubjectToken(subjectToken, iam.clock.now());
  const said = claims === "" ? "" : ` The OIDC token says: ${claims}.`;
  const refusal = new CredentialError(
    say`${error.text}${said} A federation must trust this issuer and audience, and a federated credential must bind exactly this subject to the service account ${account}.`,
    "workloadIdentity",
    error.reply,
  );
  return hintInstallation(refusal, account, iam.endpoints);
}
