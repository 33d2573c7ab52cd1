/**
 * What it takes to write a resolver of one's own, and nothing of Pulumi: a module that imports this works in every
 * host, by its path or package name in `resolverModules`.
 *
 * A resolver returns `unavailable` when its credential is not configured, and throws when it is set but wrong. It
 * reaches the outside world only through `context`, so that time limits, cancelling and secrecy hold for it too.
 */
export type { Call } from "../../provider/core/token/call";
export type {
  Context,
  Env,
  Exec,
  ExecOptions,
  ExecResult,
  Files,
  Http,
  HttpReply,
  HttpRequest,
  Log,
  RequestValue,
} from "../../provider/core/context";
export {
  CredentialError,
  OptionError,
  ServiceError,
  type ServiceFailure,
  type ServiceReply,
  YciamError,
} from "../../provider/core/words/errors";
export type { Iam } from "../../provider/core/iam/iam";
export { keySource } from "../../provider/core/iam/key-source";
export { type Message, option, type OptionRef, say, type Text } from "../../provider/core/words/message";
export type {
  ConditionalVariable,
  OptionSpec,
  OptionSpecs,
  OptionTypes,
  OptionValues,
} from "../../provider/core/options/options";
export { parseJson, replyError } from "../../provider/core/iam/reply";
export {
  defineResolver,
  type Resolver,
  type ResolverInput,
  unavailable,
  type Unavailable,
} from "../../provider/core/chain/resolver";
export type { TokenSource } from "../../provider/core/token/source";
export { Secret } from "../../provider/core/words/secret";
export { digest, type IamToken } from "../../provider/core/token/token";
export { readServiceUrl } from "../../provider/core/options/urls";
