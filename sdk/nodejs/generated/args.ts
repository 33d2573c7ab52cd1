// Written by `npm run generate` from the rows of the resolvers and the settings.

/** A ready IAM token, such as the one that `yc iam create-token` prints. It is never renewed. */
export interface IamTokenOptions {
  /** The token itself. Environment: `YC_IAM_TOKEN`, `YC_TOKEN` when it has the shape of an IAM token. */ token?: string;
  /** When it dies, in RFC 3339 with a zone. Without it no life is promised. The variable tells of a token in a variable alone. Environment: `YCIAM_IAM_TOKEN_EXPIRES_AT`. */ expiresAt?: string;
}

/** An authorised key of a service account: the JSON file that `yc iam key create` writes. */
export interface ServiceAccountKeyOptions {
  /** Path of the key file, or the JSON itself; `~` is the home folder, and a pipe such as `<(...)` is read to its end. Environment: `YC_SERVICE_ACCOUNT_KEY_FILE`. */ file?: string;
  /** The key file's content, as text or as the object itself. */ json?: string | object;
}

/** An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token. */
export interface WorkloadIdentityOptions {
  /** Id of the service account that the external identity acts as. Environment: `YC_WIF_SA_ID`. */ serviceAccountId?: string;
  /** File with the OIDC token, read again at every exchange; the default counts only where it exists. Default: `/var/run/secrets/tokens/yc-wif/token`. Environment: `YC_WIF_TOKEN_FILE`. */ tokenFile?: string;
  /** The OIDC token itself, such as GitLab's `id_tokens` put in a variable. Environment: `YCIAM_WORKLOAD_IDENTITY_TOKEN`. */ token?: string;
  /** Audience asked of GitHub Actions, where the token comes from ACTIONS_ID_TOKEN_REQUEST_URL; GitHub's default is the owner's URL. Environment: `YCIAM_WORKLOAD_IDENTITY_GITHUB_AUDIENCE`. */ githubAudience?: string;
}

/** The token that a Cloud Function with a service account gets in its `context`. */
export interface FunctionContextOptions {
  /** `context.token` of the current invocation, or the whole `context`: the object itself, or its JSON. */ token?: string | object;
}

/** The service account attached to this VM, container, function or Kubernetes pod. */
export interface InstanceMetadataOptions {
  /** Address of the metadata service, `host[:port]`. Default: `169.254.169.254`. Environment: `YC_METADATA_ADDR`. */ address?: string;
}

/** The key, OAuth token or instance identity that a profile of the `yc` tool holds. */
export interface YcProfileOptions {
  /** Name of the profile; by default the one in use, `current`. Environment: `YCIAM_YC_PROFILE_PROFILE`. */ profile?: string;
  /** Configuration file of yc. Default: `~/.config/yandex-cloud/config.yaml`. Environment: `YCIAM_YC_PROFILE_CONFIG_FILE`. */ configFile?: string;
}

/** The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named. */
export interface YcCliOptions {
  /** Name of the profile; by default the one in use. Environment: `YCIAM_YC_CLI_PROFILE`. */ profile?: string;
  /** The `yc` program, when it is not on PATH. Default: `yc`. Environment: `YCIAM_YC_CLI_PATH`. */ path?: string;
}

/** The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 2026, all by the end of 2026. */
export interface OauthTokenOptions {
  /** The token itself. Environment: `YC_OAUTH_TOKEN`, `YC_TOKEN` when it has the shape of an OAuth token. */ token?: string;
}

/** Any program that prints a token as JSON; run only when it is named. */
export interface CommandOptions {
  /** The program and its arguments; it is run without a shell and prints `{"token": "...", "expiresAt": "..."}`. */ argv?: string[];
}

/** One more step after any resolver: the token of another service account is handed out. */
export interface ImpersonateOptions {
  /** Id of the service account whose token is handed out; the caller needs iam.serviceAccounts.tokenCreator on it. Environment: `YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID`. */ serviceAccountId?: string;
}

/** Options of the functions and the resource alike. All are optional. */
export interface CommonArgs {
  /** Names of the resolvers to try, in this order; a single name is a choice that must answer. Environment: `YCIAM_RESOLVERS`. */ resolvers?: string[];
  /** Modules with resolvers of your own, by path or package name; each is loaded only when it is named here. They come last in the default chain. Environment: `YCIAM_RESOLVER_MODULES`. */ resolverModules?: string[];
  /** The token must still live this long when it is handed out; less than 12h. Default: `10m`. Environment: `YCIAM_MIN_REMAINING_VALIDITY`. */ minRemainingValidity?: string;
  /** A cached token older than this is renewed when possible. Default: `1h`. Environment: `YCIAM_REFRESH_AFTER`. */ refreshAfter?: string;
  /** Where tokens are kept between calls; entries on disk are encrypted under a key made from the credential. One of: `disk`, `memory`, `none`. Default: `disk`. Environment: `YCIAM_CACHE`. */ cache?: "disk" | "memory" | "none";
  /** The Yandex Cloud installation that the credential belongs to. One of: `ru`, `kz`. Default: `ru`. Environment: `YCIAM_INSTALLATION`. */ installation?: "ru" | "kz";
  /** API root of an installation of one's own; IAM's address is asked of its /endpoints. Environment: `YC_ENDPOINT`. */ endpoint?: string;
  /** Address of IAM, in place of the installation's. It does not change the audience. Environment: `YCIAM_IAM_ENDPOINT`. */ iamEndpoint?: string;
  /** Address where OIDC tokens are exchanged, in place of the installation's. Environment: `YCIAM_AUTH_ENDPOINT`. */ authEndpoint?: string;
  /** Audience of the assertions that are signed, in place of the installation's. Environment: `YCIAM_AUDIENCE`. */ audience?: string;
  /** File with certificates (PEM) of authorities to trust beside the usual ones; `~` is the home folder. Environment: `YCIAM_CA_FILE`. */ caFile?: string;
  /** The whole time allowed for getting a token, retries included. Default: `30s`. Environment: `YCIAM_TIMEOUT`. */ timeout?: string;
  /** Attempts after the first, for each request. Default: `4`. Environment: `YCIAM_RETRIES`. */ retries?: number;
  /** A ready IAM token, such as the one that `yc iam create-token` prints. It is never renewed. */ iamToken?: IamTokenOptions;
  /** An authorised key of a service account: the JSON file that `yc iam key create` writes. */ serviceAccountKey?: ServiceAccountKeyOptions;
  /** An OIDC token of GitHub Actions, GitLab, Kubernetes or another issuer, exchanged for an IAM token. */ workloadIdentity?: WorkloadIdentityOptions;
  /** The token that a Cloud Function with a service account gets in its `context`. */ functionContext?: FunctionContextOptions;
  /** The service account attached to this VM, container, function or Kubernetes pod. */ instanceMetadata?: InstanceMetadataOptions;
  /** The key, OAuth token or instance identity that a profile of the `yc` tool holds. */ ycProfile?: YcProfileOptions;
  /** The user signed in to the `yc` tool, federated and local ones too; without a terminal, only when named. */ ycCli?: YcCliOptions;
  /** The OAuth token of a Yandex account. Deprecated: new ones are refused since 1 June 2026, all by the end of 2026. */ oauthToken?: OauthTokenOptions;
  /** Any program that prints a token as JSON; run only when it is named. */ command?: CommandOptions;
  /** One more step after any resolver: the token of another service account is handed out. */ impersonate?: ImpersonateOptions;
}

/** What an ephemeral access key shall be like. All are optional. */
export interface AccessKeyArgs {
  /** How long the key lives: 15m or more, less than 12h. It cannot be revoked, and it dies with the token that asks for it. Default: `1h`. */ duration?: string;
  /** Names the key's user in audit logs: 1 to 64 letters, digits and `_+=,.@-`. Default: `yciam`. */ sessionName?: string;
  /** A policy of AWS's kind, as JSON, that takes rights away from the key; at most 2048 characters. */ policy?: string;
  /** Id of the account that the key is for, by default the token's own; for another the caller needs iam.serviceAccounts.ephemeralAccessKeyAdmin on it. */ subjectId?: string;
}
