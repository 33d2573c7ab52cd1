import type * as pulumi from "@pulumi/pulumi";
import type { Resolver } from "../../provider/core/chain/resolver";

/** A ready IAM token. Environment: `YC_IAM_TOKEN`, or `YC_TOKEN` when it has that shape. */
export interface IamTokenOptions {
  token?: string;
  /** When it dies, RFC 3339 with a zone; without it no life is promised. */
  expiresAt?: string;
}

/** An authorised key. Environment: `YC_SERVICE_ACCOUNT_KEY_FILE` (a path, or the JSON). */
export interface ServiceAccountKeyOptions {
  /** Path of the key file, or the JSON itself; `~` is the home folder. */
  file?: string;
  /** The key file's content. */
  json?: string;
}

/** An OIDC token of another system, exchanged for a service account's. Environment: `YC_WIF_SA_ID`, `YC_WIF_TOKEN_FILE`. */
export interface WorkloadIdentityOptions {
  serviceAccountId?: string;
  /** File with the OIDC token, read again at each exchange. */
  tokenFile?: string;
  /** The OIDC token itself. */
  token?: string;
  /** Audience to ask GitHub Actions for. */
  githubAudience?: string;
}

/** What a Cloud Function is given in `context.token`. */
export interface FunctionContextOptions {
  token?: string | { access_token: string; expires_in?: number; token_type?: string };
}

/** Instance metadata. Environment: `YC_METADATA_ADDR`. */
export interface InstanceMetadataOptions {
  /** `host[:port]`; default 169.254.169.254. */
  address?: string;
}

/** The `yc` command line tool. */
export interface YcCliOptions {
  profile?: string;
  /** Path of the program; default `yc`. */
  path?: string;
}

/** The configuration of the `yc` tool. */
export interface YcProfileOptions {
  /** Name of the profile; default the current one. */
  profile?: string;
  configFile?: string;
}

/** The OAuth token of a Yandex account; deprecated. Environment: `YC_OAUTH_TOKEN`, or `YC_TOKEN` when it has that shape. */
export interface OauthTokenOptions {
  token?: string;
}

/** A program that prints `{"token": "...", "expiresAt": "..."}`. */
export interface CommandOptions {
  /** The program and its arguments; no shell is used. */
  argv?: string[];
}

/** One more step after any resolver. */
export interface ImpersonateOptions {
  serviceAccountId?: string;
}

/** Options that can be given as data, to the functions and the resource alike. All are optional. */
export interface CommonArgs {
  /** Names of resolver modules, by path or package; loaded only when named here. Environment: `YCIAM_RESOLVER_MODULES`. */
  resolverModules?: string[];
  iamToken?: IamTokenOptions;
  serviceAccountKey?: ServiceAccountKeyOptions;
  workloadIdentity?: WorkloadIdentityOptions;
  functionContext?: FunctionContextOptions;
  instanceMetadata?: InstanceMetadataOptions;
  ycCli?: YcCliOptions;
  ycProfile?: YcProfileOptions;
  oauthToken?: OauthTokenOptions;
  command?: CommandOptions;
  impersonate?: ImpersonateOptions;
  /** The token must still live this long when handed out, such as `10m` (the default) or `1h30m`; at most 12h. */
  minRemainingValidity?: string;
  /** A cached token older than this is renewed when possible; default `1h`. */
  refreshAfter?: string;
  /** Where tokens are kept between calls; default `disk`. Environment: `YCIAM_CACHE`. */
  cache?: "disk" | "memory" | "none";
  /** Default `ru`. */
  installation?: "ru" | "kz";
  /** API root of an installation of one's own. Environment: `YC_ENDPOINT`. */
  endpoint?: string;
  /** Environment: `YCIAM_IAM_ENDPOINT`. */
  iamEndpoint?: string;
  /** Environment: `YCIAM_AUTH_ENDPOINT`. */
  authEndpoint?: string;
  /** Audience of assertions, in place of the installation's. */
  audience?: string;
  /** File with certificates (PEM) of authorities to trust beside the usual ones. Environment: `YCIAM_CA_FILE`. */
  caFile?: string;
  /** The whole time allowed, retries included; default `30s`. */
  timeout?: string;
  /** Attempts after the first, for each request; default 4. */
  retries?: number;
}

/** Arguments of `getIamToken`. */
export interface GetIamTokenArgs extends CommonArgs {
  /** Resolvers to try, in this order, by name or made with `defineResolver`. Environment: `YCIAM_RESOLVERS`. */
  resolvers?: (string | Resolver)[];
}

type Inputs<T> = {
  [K in keyof T]: pulumi.Input<
    T[K] extends object | undefined ? { [P in keyof T[K]]: pulumi.Input<T[K][P]> } : T[K]
  >;
};

/** Arguments of `getIamTokenOutput`: those of `getIamToken`, any of which may be an Output. */
export type GetIamTokenOutputArgs = Inputs<CommonArgs> & {
  resolvers?: pulumi.Input<(pulumi.Input<string> | Resolver)[]>;
};

/** Arguments of the resource `IamToken`; `minRemainingValidity` is `1h` by default here, whatever the environment says. */
export type IamTokenArgs = Inputs<CommonArgs> & {
  resolvers?: pulumi.Input<pulumi.Input<string>[]>;
  /** Make the token useless when the resource is deleted. Others may hold the same token: Yandex Cloud hands one to several callers. */
  revokeOnDelete?: pulumi.Input<boolean>;
};
