export type {
  CommandOptions,
  CommonArgs,
  FunctionContextOptions,
  GetIamTokenArgs,
  GetIamTokenOutputArgs,
  IamTokenArgs,
  IamTokenOptions,
  ImpersonateOptions,
  InstanceMetadataOptions,
  OauthTokenOptions,
  ServiceAccountKeyOptions,
  WorkloadIdentityOptions,
  YcCliOptions,
  YcProfileOptions,
} from "./args";
export {
  explainResolvers,
  getIamToken,
  getIamTokenOutput,
  type GetIamTokenOutputOptions,
} from "./get-iam-token";
export { IamToken } from "./iam-token";
export { Provider, type ProviderArgs } from "./provider";
export type { GetIamTokenResult } from "./result";
export {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
  YciamError,
} from "../../provider/core/words/errors";
