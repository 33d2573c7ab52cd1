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
  type GetIamTokenResult,
} from "./get-iam-token";
export { IamToken } from "./iam-token";
export {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
  YciamError,
} from "../../provider/core/errors";
