export { type EmulatorCommandIo, runEmulatorCommand } from "./serve";
export { startEmulator } from "./emulator";
export type {
  CreateKeyOptions,
  Emulator,
  EmulatorCounts,
  EmulatorOptions,
  Identities,
  RouteName,
} from "./api";
export type { IssuedAccessKey } from "./access-keys";
export type { ServiceAccount, ServiceAccountOptions } from "./accounts";
export type { FederatedCredential, Federation, FederationOptions } from "./federations";
export type { Fault, FaultQueue } from "./faults";
export type { KeyAlgorithm, KeyFile } from "./keys";
export type { TlsOptions } from "./listener";
export type { MetadataSettings } from "./metadata";
export type { OauthToken, OauthTokenOptions } from "./oauth-tokens";
export { type OidcIssuer, type OidcIssuerOptions, startOidcIssuer } from "./oidc-issuer";
export type { RequestRecord } from "./request-log";
export type { Settings } from "./settings";
export type { IssuedToken } from "./token-store";
