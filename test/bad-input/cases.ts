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
}

/** What the test's user has: options, and variables under `env`. */
export type Given = AppConfig & { readonly env?: Env };

/** What is given, and the exact message that is read; `HOST` stands for IAM's address and `ID` for a request id. */
type BadInput = readonly [
  what: string,
  given: (f: Fixture) => Given,
  message: string | ((f: Fixture) => string),
];

const WHOLE = "Take the whole file that `yc iam key create` wrote.";
const REPLACEMENTS = "Use serviceAccountKey, workloadIdentity or ycCli instead.";
const REFUSED = "POST HOST/iam/v1/tokens was refused";
const NO_TOKEN = "no token is given. To use it: set iamToken.token or YC_IAM_TOKEN.";
const NO_KEY =
  "no authorised key is given. To use it: set serviceAccountKey.file, serviceAccountKey.json or YC_SERVICE_ACCOUNT_KEY_FILE.";
const TOO_MUCH =
  "has a line break, a space or another character that no token has. Was more than the token copied?";

function keyFile(f: Fixture, content: unknown): AppConfig {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(f.path("key.json"), text);
  return { serviceAccountKey: { file: f.path("key.json") } };
}

const keyJson = (json: object): AppConfig => ({ serviceAccountKey: { json } });

const oauth = (f: Fixture, options: OauthTokenOptions): AppConfig => ({
  oauthToken: { token: f.emulator.addOauthToken(options).token },
});

/** What the message lists: the settings in their order, the resolvers, and impersonation. */
function knownOptions(): string {
  return [...Object.keys(SETTINGS), ...resolvers.map(({ name }) => name), "impersonate"].join(", ");
}

/** Every bad input, with the code and the exact message that its user reads. */
export const CASES: Readonly<Partial<Record<ErrorCode, readonly BadInput[]>>> = {
  ERR_YCIAM_NO_CREDENTIAL: [
    [
      "no credential at all",
      () => ({ resolvers: ["iamToken", "serviceAccountKey", "instanceMetadata", "oauthToken"] }),
      [
        "No credential was found. Tried, in this order:",
        `  iamToken: ${NO_TOKEN}`,
        `  serviceAccountKey: ${NO_KEY}`,
        "  instanceMetadata: nothing answers at 127.0.0.1:1. To use it: run where a service account is attached, or set instanceMetadata.address or YC_METADATA_ADDR.",
        "  oauthToken: no OAuth token is given. To use it: set oauthToken.token or YC_OAUTH_TOKEN, or better a credential that lasts.",
      ].join("\n"),
    ],
    [
      "a resolver that was named and has no credential, only an empty variable",
      () => ({ resolvers: ["iamToken"], env: { YC_IAM_TOKEN: " " } }),
      `The resolver asked for has no credential:\n  iamToken: ${NO_TOKEN}`,
    ],
  ],
  ERR_YCIAM_CREDENTIAL: [
    [
      "a key file that is missing",
      (f) => ({ serviceAccountKey: { file: f.path("missing.json") } }),
      (f) => `serviceAccountKey.file names ${f.path("missing.json")}, but there is no such file.`,
    ],
    [
      "a key file that this user may not read",
      (f) => ({ serviceAccountKey: { file: f.path("key.json") } }),
      (f) => `serviceAccountKey.file names ${f.path("key.json")}, but this user may not read it.`,
    ],
    [
      "a folder in place of a key file",
      (f) => ({ serviceAccountKey: { file: f.folder } }),
      (f) => `serviceAccountKey.file names ${f.folder}, but it is a folder.`,
    ],
    [
      "a key file that is not JSON",
      (f) => keyFile(f, f.key.private_key),
      (f) =>
        `serviceAccountKey.file (${f.path("key.json")}) is not JSON. It must be the file that \`yc iam key create\` wrote.`,
    ],
    [
      "a key without id",
      (f) => keyFile(f, { ...f.key, id: undefined }),
      (f) =>
        `serviceAccountKey.file (${f.path("key.json")}): the field \`id\` (the key's id) is missing or not a string. ${WHOLE}`,
    ],
    [
      "the public key in place of the private one",
      (f) => keyJson({ ...f.key, private_key: f.key.public_key }),
      "serviceAccountKey.json: the field `private_key` holds the public key. Put the private one there.",
    ],
    [
      "a key id that does not exist",
      (f) => keyJson({ ...f.key, id: "ajenosuchkey" }),
      (f) =>
        `serviceAccountKey.json: ${REFUSED} (HTTP 401, code 16, request id ID): The key of the JWT is not found. This is about the key ajenosuchkey of the account ${f.key.service_account_id}: does it still exist, and is it the account's own?`,
    ],
    [
      "the id of another key",
      (f) => keyJson({ ...f.key, id: f.otherKey.id }),
      (f) =>
        `serviceAccountKey.json: ${REFUSED} (HTTP 401, code 16, request id ID): The signature of the JWT is invalid. This is about the key ${f.otherKey.id} of the account ${f.key.service_account_id}: does it still exist, and is it the account's own?`,
    ],
    [
      "an OAuth token that has expired",
      (f) => oauth(f, { expired: true }),
      `${REFUSED} (HTTP 401, code 16, request id ID): OAuth token is invalid or expired. OAuth tokens live 12 months, and none made since 1 June 2026 is taken. ${REPLACEMENTS}`,
    ],
    [
      "an OAuth token made after the cut-off",
      (f) => oauth(f, { issuedAt: "2026-07-01", subjectId: "ajeuser" }),
      `${REFUSED} (HTTP 400, code 3, request id ID): OAuth token for user 'ajeuser', issued after '2026-06-01', is not supported for IAM token exchange. Yandex Cloud refuses OAuth tokens made since 1 June 2026. ${REPLACEMENTS}`,
    ],
    [
      "an OAuth token of someone who never entered the cloud",
      (f) => oauth(f, { registered: false }),
      `${REFUSED} (HTTP 401, code 16, request id ID): User does not registered in Yandex.cloud. This Yandex account never signed in to Yandex Cloud: open the console once.`,
    ],
    [
      "a token with a newline in it",
      () => ({ iamToken: { token: "t1.CANARY\nCANARY.sig" } }),
      `the token of iamToken.token ${TOO_MUCH}`,
    ],
    [
      "a token with a newline in it, in a variable",
      () => ({ env: { YC_IAM_TOKEN: "t1.CANARY\r\nCANARY.sig" } }),
      `the token of YC_IAM_TOKEN ${TOO_MUCH}`,
    ],
  ],
  ERR_YCIAM_OPTION: [
    [
      "an empty token",
      () => ({ iamToken: { token: "" } }),
      "iamToken.token is empty. Give it a value or leave it out.",
    ],
    [
      "a malformed duration in a variable",
      () => ({ env: { YCIAM_TIMEOUT: "30" } }),
      "YCIAM_TIMEOUT is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.",
    ],
    [
      "http to a host that is not loopback, in a variable",
      () => ({ env: { YC_ENDPOINT: "http://10.0.0.1" } }),
      "YC_ENDPOINT must use https: a credential goes there. Plain http is for loopback addresses only.",
    ],
    [
      "an option that does not exist",
      () => ({ serviceAccountKeys: {} }),
      () => `there is no option serviceAccountKeys. Known here: ${knownOptions()}.`,
    ],
    [
      "a resolver that does not exist",
      () => ({ env: { YCIAM_RESOLVERS: "awsKey" } }),
      () =>
        `YCIAM_RESOLVERS names "awsKey", which is none of: ${resolvers.map(({ name }) => name).join(", ")}.`,
    ],
  ],
};
