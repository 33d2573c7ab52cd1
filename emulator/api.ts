import { type IssuedAccessKey } from "./access-keys";
import { type ServiceAccount, type ServiceAccountOptions } from "./accounts";
import { type FaultQueue } from "./faults";
import { type FederatedCredential, type Federation, type FederationOptions } from "./federations";
import { type IamRouteName } from "./iam-routes";
import { type KeyAlgorithm, type KeyFile } from "./keys";
import { type TlsOptions } from "./listener";
import { type MetadataRouteName, type MetadataSettings } from "./metadata";
import { type OauthToken, type OauthTokenOptions } from "./oauth-tokens";
import { type Counts, type RequestRecord } from "./request-log";
import { type Settings } from "./settings";
import { type IssuedToken } from "./token-store";

/** Names by which calls are counted and faults are aimed; `notFound` is every request that no route takes. */
export type RouteName =
  | IamRouteName
  | MetadataRouteName
  | "subjects"
  | "clouds"
  | "endpoints"
  | "ephemeralAccessKeys"
  | "oauthToken"
  | "registryToken"
  | "registryKeys"
  | "notFound";

/** Calls by route; `exchanges` are the answers that gave out a token for a credential (metadata is not one). */
export type EmulatorCounts = Readonly<Counts<RouteName | "exchanges">>;

/** What {@link startEmulator} takes, besides the settings that may be changed later too. */
export interface EmulatorOptions extends Partial<Settings> {
  /** The base clock: milliseconds since the epoch; default Date.now. `clockOffsetMs` is added to it. */
  readonly now?: () => number;
  /** A loopback address; default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: the system chooses. */
  readonly port?: number;
  /** Serve TLS with this certificate. The metadata service, which has no TLS, then gets a port of its own. */
  readonly tls?: TlsOptions;
  /**
   * Answer gRPC as well as REST, at the same address, as the official SDKs want it: IamTokenService, ApiEndpointService and
   * CloudService.List. `metadataAddress` is then a proxy to it too: with `grpc_proxy` there, a client that knows IAM's own
   * address alone reaches the emulator.
   */
  readonly grpc?: boolean;
  /** Listen on ::1 too. */
  readonly ipv6?: boolean;
  /** The machine; by default one with a new service account attached. */
  readonly metadata?: Partial<MetadataSettings>;
}

/** What {@link Emulator.createKey} takes. */
export interface CreateKeyOptions {
  /** The owner; default a new service account. */
  readonly serviceAccountId?: string;
  /** Default RSA_2048. */
  readonly algorithm?: KeyAlgorithm;
}

/** Who exists: what a test sets up, and takes away again. */
export interface Identities {
  /** Adds a service account. */
  addServiceAccount(options?: ServiceAccountOptions): ServiceAccount;
  /** Deletes an account: its keys stop working. */
  deleteServiceAccount(id: string): void;
  /** Lets a subject make tokens for an account. */
  grantTokenCreator(subjectId: string, serviceAccountId: string): void;
  /** Lets a subject make ephemeral access keys for an account; each may make its own. */
  grantAccessKeyAdmin(subjectId: string, serviceAccountId: string): void;
  /** Makes a real key pair and returns its key file; throws a RangeError for an account that does not exist. */
  createKey(options?: CreateKeyOptions): Promise<KeyFile>;
  /** Deletes a key: assertions signed with it are refused. */
  deleteKey(id: string): void;
  /** Makes an OAuth token of a Yandex account known. */
  addOauthToken(options?: OauthTokenOptions): OauthToken;
  /** Trusts the tokens of an OIDC issuer. */
  addFederation(options: FederationOptions): Federation;
  /** Lets a subject of a federation act as an account; throws a RangeError for a federation that does not exist. */
  addFederatedCredential(credential: FederatedCredential): void;
}

/** A running emulator. Its settings are its own properties: assign to them to change it. */
export interface Emulator extends Settings, Identities {
  /** Root of every endpoint, without a slash at the end: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The same over ::1, with the option `ipv6`. */
  readonly urlIpv6: string | undefined;
  /** Base of the IAM API: what a client is given as its IAM endpoint. */
  readonly iamEndpoint: string;
  /** Base of the auth host, which exchanges external tokens. */
  readonly authEndpoint: string;
  /** `host:port` for `YC_METADATA_ADDR`; always plain HTTP. */
  readonly metadataAddress: string;
  /** `host:port` of gRPC, with the option `grpc`; by TLS with the option `tls`. */
  readonly grpcAddress: string | undefined;
  /** What the discovery answers: API id to address. */
  readonly endpoints: Map<string, string>;
  /** The machine that the metadata service speaks for. */
  readonly metadata: MetadataSettings;
  readonly faults: FaultQueue<RouteName>;
  /** Requests since the start or the last reset, oldest first. */
  readonly requests: readonly RequestRecord<RouteName>[];
  readonly counts: EmulatorCounts;
  /** Every token made, oldest first; a reset does not forget them. */
  readonly issuedTokens: readonly IssuedToken[];
  /** Every ephemeral access key made, oldest first. */
  readonly issuedAccessKeys: readonly IssuedAccessKey[];

  /** Judges a token as a service that is shown one does: what it is, while it lives and is not revoked. */
  review(token: string): IssuedToken | undefined;
  /** The emulator's time, in milliseconds since the epoch. */
  now(): number;
  /** Connections open at this moment. */
  openSockets(): number;
  /** Empties requests and counts and drops faults that wait. Accounts, keys and tokens stay. */
  reset(): void;
  /** Stops listening and destroys every open connection. */
  close(): Promise<void>;
}
