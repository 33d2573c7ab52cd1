import "./pulumi-peer";
export type {
  GetEphemeralAccessKeyArgs,
  GetEphemeralAccessKeyOutputArgs,
  GetIamTokenArgs,
  GetIamTokenOutputArgs,
  IamTokenArgs,
} from "./args";
export type * from "./generated/args";
export type * from "./generated/result";
export { getEphemeralAccessKey, getEphemeralAccessKeyOutput } from "./get-ephemeral-access-key";
export {
  explainResolvers,
  getIamToken,
  getIamTokenOutput,
  type GetIamTokenOutputOptions,
} from "./get-iam-token";
export { IamToken } from "./iam-token";
export { kubeconfig, kubeconfigOutput, type KubeconfigOutputArgs } from "./kubeconfig";
export type { KubeconfigArgs } from "../../provider/handout/kubeconfig";
export { Provider, type ProviderArgs } from "./provider";
export {
  CredentialError,
  NoCredentialError,
  OptionError,
  ServiceError,
  ValidityError,
  YciamError,
} from "../../provider/core/words/errors";
