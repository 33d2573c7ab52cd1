import type { Emulator, KeyFile, OauthTokenOptions } from "../../emulator/index";
import { writeFileSync } from "node:fs";
import type { AppConfig } from "../../provider/app";
import type { Env } from "../../provider/core/context";
import type { ErrorCode } from "../../provider/core/words/errors";
import { SETTINGS } from "../../provider/core/options/settings";
import { resolvers } from "../../provider/resolvers/index";

/** What the cases are made from. */
export interface Fixture {
  readonly emulator: Emulator;
  readonly folder: string;
  /** A path in the folder; `key.json` is always there. */
  readonly path: (name: string) => string;
  readonly key: KeyFile;
  readonly otherKey: KeyFile;
  readonly ecKey: KeyFile;
}

/** What the test's user has, and what is written about it. */
export interface BadInput {
  readonly what: string;
  readonly config?: (f: Fixture) => AppConfig;
  readonly env?: (f: Fixture) => Env;
  readonly code: ErrorCode;
  /** The exact message; `HOST` stands for IAM's address and `ID` for a request id. */
  readonly message: (f: Fixture) => string;
  /** Runs as a user who may not read everything. */
  readonly unprivileged?: boolean;
}

const TAKE_WHOLE = "Take the whole file that `yc iam key create` wrote.";
const REPLACEMENTS = "Use serviceAccountKey, workloadIdentity or ycCli instead.";

function keyFile(f: Fixture, content: unknown): AppConfig {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(f.path("key.json"), text);
  return { serviceAccountKey: { file: f.path("key.json") } };
}

const keyJson = (content: object): AppConfig => ({ serviceAccountKey: { json: JSON.stringify(content) } });

const oauth = (f: Fixture, options: OauthTokenOptions) => ({
  token: f.emulator.addOauthToken(options).token,
});

/** What the message lists: the settings in their order, the resolvers, and impersonation. */
function knownOptions(): string {
  return [...Object.keys(SETTINGS), ...resolvers.map(({ name }) => name), "impersonate"].join(", ");
}

/** Every bad input, with the exact message that its user reads. */
export const CASES: readonly BadInput[] = [
  {
    what: "no credential at all",
    config: () => ({ resolvers: ["iamToken", "serviceAccountKey", "instanceMetadata", "oauthToken"] }),
    code: "ERR_YCIAM_NO_CREDENTIAL",
    message: () =>
      [
        "No credential was found. Tried, in this order:",
        "  iamToken: no token is given. To use it: set iamToken.token or YC_IAM_TOKEN.",
        "  serviceAccountKey: no authorised key is given. To use it: set serviceAccountKey.file, serviceAccountKey.json or YC_SERVICE_ACCOUNT_KEY_FILE.",
        "  instanceMetadata: nothing answers at 127.0.0.1:1. To use it: run where a service account is attached, or set instanceMetadata.address or YC_METADATA_ADDR.",
        "  oauthToken: no OAuth token is given. To use it: set oauthToken.token or YC_OAUTH_TOKEN, or better a credential that lasts.",
      ].join("\n"),
  },
  {
    what: "a resolver that was named and has no credential",
    config: () => ({ resolvers: ["serviceAccountKey"] }),
    code: "ERR_YCIAM_NO_CREDENTIAL",
    message: () =>
      "The resolver asked for has no credential:\n  serviceAccountKey: no authorised key is given. To use it: set serviceAccountKey.file, serviceAccountKey.json or YC_SERVICE_ACCOUNT_KEY_FILE.",
  },
  {
    what: "a key file that is missing",
    config: (f) => ({ serviceAccountKey: { file: f.path("missing.json") } }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) => `serviceAccountKey.file names ${f.path("missing.json")}, but there is no such file.`,
  },
  {
    what: "a key file that is missing, named by its variable",
    env: (f) => ({ YC_SERVICE_ACCOUNT_KEY_FILE: f.path("missing.json") }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) => `YC_SERVICE_ACCOUNT_KEY_FILE names ${f.path("missing.json")}, but there is no such file.`,
  },
  {
    what: "a key file that this user may not read",
    config: (f) => ({ serviceAccountKey: { file: f.path("key.json") } }),
    unprivileged: true,
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) => `serviceAccountKey.file names ${f.path("key.json")}, but this user may not read it.`,
  },
  {
    what: "a folder in place of a key file",
    config: (f) => ({ serviceAccountKey: { file: f.folder } }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) => `serviceAccountKey.file names ${f.folder}, but it is a folder.`,
  },
  {
    what: "a key file that is not JSON",
    config: (f) => keyFile(f, f.key.private_key),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) =>
      `serviceAccountKey.file (${f.path("key.json")}) is not JSON. It must be the file that \`yc iam key create\` wrote.`,
  },
  {
    what: "a key that is JSON of another kind",
    config: () => ({ serviceAccountKey: { json: "[1]" } }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () => "serviceAccountKey.json: the key must be a JSON object.",
  },
  {
    what: "a key without id",
    config: (f) => keyFile(f, { ...f.key, id: undefined }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) =>
      `serviceAccountKey.file (${f.path("key.json")}): the field \`id\` (the key's id) is missing or not a string. ${TAKE_WHOLE}`,
  },
  {
    what: "the public key in place of the private one",
    config: (f) => keyJson({ ...f.key, private_key: f.key.public_key }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      "serviceAccountKey.json: the field `private_key` holds the public key. Put the private one there.",
  },
  {
    what: "an EC key",
    config: (f) => keyJson(f.ecKey),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      "serviceAccountKey.json: the field `private_key` is of type ec. Yandex Cloud takes RSA keys of 2048 or 4096 bits.",
  },
  {
    what: "a key id that does not exist",
    config: (f) => keyJson({ ...f.key, id: "ajenosuchkey" }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) =>
      `serviceAccountKey.json: POST HOST/iam/v1/tokens was refused (HTTP 401, code 16, request id ID): The key of the JWT is not found. This is about the key ajenosuchkey of the account ${f.key.service_account_id}: does it still exist, and is it the account's own?`,
  },
  {
    what: "the id of another key",
    config: (f) => keyJson({ ...f.key, id: f.otherKey.id }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: (f) =>
      `serviceAccountKey.json: POST HOST/iam/v1/tokens was refused (HTTP 401, code 16, request id ID): The signature of the JWT is invalid. This is about the key ${f.otherKey.id} of the account ${f.key.service_account_id}: does it still exist, and is it the account's own?`,
  },
  {
    what: "an OAuth token that has expired",
    config: (f) => ({ oauthToken: oauth(f, { expired: true }) }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      `POST HOST/iam/v1/tokens was refused (HTTP 401, code 16, request id ID): OAuth token is invalid or expired. OAuth tokens live 12 months, and none made since 1 June 2026 is taken. ${REPLACEMENTS}`,
  },
  {
    what: "an OAuth token made after the cut-off",
    config: (f) => ({ oauthToken: oauth(f, { issuedAt: "2026-07-01", subjectId: "ajeuser" }) }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      `POST HOST/iam/v1/tokens was refused (HTTP 400, code 3, request id ID): OAuth token for user 'ajeuser', issued after '2026-06-01', is not supported for IAM token exchange. Yandex Cloud refuses OAuth tokens made since 1 June 2026. ${REPLACEMENTS}`,
  },
  {
    what: "an OAuth token of someone who never entered the cloud",
    config: (f) => ({ oauthToken: oauth(f, { registered: false }) }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      "POST HOST/iam/v1/tokens was refused (HTTP 401, code 16, request id ID): User does not registered in Yandex.cloud. This Yandex account never signed in to Yandex Cloud: open the console once.",
  },
  {
    what: "an empty token",
    config: () => ({ iamToken: { token: "" } }),
    code: "ERR_YCIAM_OPTION",
    message: () => "iamToken.token is empty. Give it a value or leave it out.",
  },
  {
    what: "an empty token in a variable, which counts as none",
    config: () => ({ resolvers: ["iamToken"] }),
    env: () => ({ YC_IAM_TOKEN: " " }),
    code: "ERR_YCIAM_NO_CREDENTIAL",
    message: () =>
      "The resolver asked for has no credential:\n  iamToken: no token is given. To use it: set iamToken.token or YC_IAM_TOKEN.",
  },
  {
    what: "a token with a newline in it",
    config: () => ({ iamToken: { token: "t1.CANARY\nCANARY.sig" } }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      "the token of iamToken.token has a line break, a space or another character that no token has. Was more than the token copied?",
  },
  {
    what: "a token with a newline in it, in a variable",
    env: () => ({ YC_IAM_TOKEN: "t1.CANARY\r\nCANARY.sig" }),
    code: "ERR_YCIAM_CREDENTIAL",
    message: () =>
      "the token of YC_IAM_TOKEN has a line break, a space or another character that no token has. Was more than the token copied?",
  },
  {
    what: "a malformed duration",
    config: () => ({ minRemainingValidity: "10 minutes" }),
    code: "ERR_YCIAM_OPTION",
    message: () =>
      "minRemainingValidity is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.",
  },
  {
    what: "a malformed duration in a variable",
    env: () => ({ YCIAM_TIMEOUT: "30" }),
    code: "ERR_YCIAM_OPTION",
    message: () => "YCIAM_TIMEOUT is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.",
  },
  {
    what: "an endpoint that is not a URL",
    config: () => ({ iamEndpoint: "not a URL" }),
    code: "ERR_YCIAM_OPTION",
    message: () => "iamEndpoint is not a URL. Write it like https://iam.api.cloud.yandex.net.",
  },
  {
    what: "http to a host that is not loopback",
    config: () => ({ iamEndpoint: "http://iam.api.cloud.yandex.net" }),
    code: "ERR_YCIAM_OPTION",
    message: () =>
      "iamEndpoint must use https: credentials go there. Plain http is for loopback addresses only.",
  },
  {
    what: "http to a host that is not loopback, in a variable",
    env: () => ({ YC_ENDPOINT: "http://10.0.0.1" }),
    code: "ERR_YCIAM_OPTION",
    message: () =>
      "YC_ENDPOINT must use https: credentials go there. Plain http is for loopback addresses only.",
  },
  {
    what: "an option that does not exist",
    config: () => ({ serviceAccountKeys: {} }),
    code: "ERR_YCIAM_OPTION",
    message: () => `there is no option serviceAccountKeys. Known here: ${knownOptions()}.`,
  },
];
