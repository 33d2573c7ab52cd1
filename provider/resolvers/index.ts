import type { Resolver } from "../core/chain/resolver";
import { command } from "./command";
import { functionContext } from "./function-context";
import { iamToken } from "./iam-token";
import { instanceMetadata } from "./instance-metadata";
import { oauthToken } from "./oauth-token";
import { serviceAccountKey } from "./service-account-key";
import { workloadIdentity } from "./workload-identity";
import { ycCli } from "./yc-cli";
import { ycProfile } from "./yc-profile";

/** The built-in resolvers. Their order is the precedence of the default chain; `command` is in none unless named. */
export const resolvers: readonly Resolver[] = [
  iamToken,
  serviceAccountKey,
  workloadIdentity,
  functionContext,
  instanceMetadata,
  ycProfile,
  ycCli,
  oauthToken,
  command,
];
