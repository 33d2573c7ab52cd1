import * as pulumi from "@pulumi/pulumi";
import { createApp, type Explanation, type TokenResult } from "../../provider/app";
import { processContext } from "../../provider/dynamic/main";
import type { GetIamTokenArgs, GetIamTokenOutputArgs } from "./args";
import type { GetIamTokenResult } from "./generated/result";
import { rejectOutputs } from "./plain-args";
import { forProgram } from "./program-error";
import { askProvider } from "./provider";
import { sharedApp } from "./shared-app";

/** Options of the Output form. */
export interface GetIamTokenOutputOptions {
  /** IAM is asked only when these exist. Name a key here that the same program makes. */
  readonly dependsOn?: pulumi.Input<pulumi.Resource> | pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
  /** Asks the plugin under this provider's identity, in place of this process. */
  readonly provider?: pulumi.ProviderResource;
}

/**
 * A Yandex Cloud IAM token with at least `minRemainingValidity` left. With no arguments the environment decides.
 * Rejects with an error that has a literal `code` (`ERR_YCIAM_...`) and holds no secret.
 */
export async function getIamToken(args: GetIamTokenArgs = {}): Promise<GetIamTokenResult> {
  try {
    const isData = rejectOutputs(args);
    const context = processContext();
    const app = isData ? sharedApp(args, context) : createApp({ ...args }, context);
    return toOutputs(await app.getIamToken());
  } catch (error) {
    throw forProgram(error);
  }
}

/**
 * The same for arguments that are known only while the program runs. Each property of the answer is an Output;
 * `token` and `authorizationHeader` are secret, the others are not, even when an argument is.
 */
export function getIamTokenOutput(
  args: GetIamTokenOutputArgs = {},
  options: GetIamTokenOutputOptions = {},
): pulumi.Output<GetIamTokenResult> {
  if (options.provider !== undefined) return askProvider(args, options.provider, options.dependsOn);
  // The arguments' marks of secrecy end here. The answer's own secrets are marked one by one.
  const known = pulumi.unsecret(pulumi.output({ args, ids: dependencyIds(options.dependsOn) }));
  return known.apply((inputs) => getIamToken(inputs.args as GetIamTokenArgs));
}

/** How each resolver fares here; asks for no token unless `verify`. Nothing in it is secret. */
export async function explainResolvers(
  args: GetIamTokenArgs = {},
  options: { verify?: boolean } = {},
): Promise<Explanation> {
  try {
    rejectOutputs(args);
    return await createApp({ ...args }, processContext()).explain(options);
  } catch (error) {
    throw forProgram(error);
  }
}

type Secrets = Pick<GetIamTokenResult, "token" | "authorizationHeader">;

/** The Outputs of each answer: to make them costs more than all else that a held token does. */
const made = new WeakMap<TokenResult, Secrets>();

function toOutputs(result: TokenResult): GetIamTokenResult {
  const { token, authorizationHeader } = result;
  const secrets = made.get(result) ?? {
    token: pulumi.secret(token.reveal()),
    authorizationHeader: pulumi.secret(authorizationHeader.reveal()),
  };
  made.set(result, secrets);
  return { ...result, ...secrets };
}

/** Their ids, which are unknown while one of the resources is still to be made. */
function dependencyIds(dependsOn: GetIamTokenOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi
    .output(dependsOn ?? [])
    .apply((resources) =>
      [resources]
        .flat()
        .map((resource) => (pulumi.CustomResource.isInstance(resource) ? resource.id : resource.urn)),
    );
}
