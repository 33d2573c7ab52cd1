import * as pulumi from "@pulumi/pulumi";
import { createApp, type Explanation, type TokenResult } from "../../provider/app";
import { processContext } from "../../provider/dynamic/main";
import type { GetIamTokenArgs, GetIamTokenOutputArgs } from "./args";
import { type OutputOptions, whenKnown } from "./depends-on";
import type { GetIamTokenResult } from "./generated/result";
import { rejectOutputs } from "./plain-args";
import { forProgram } from "./program-error";
import { askProvider } from "./provider";
import { sharedApp } from "./shared-app";

/** Options of the Output form. */
export type GetIamTokenOutputOptions = OutputOptions;

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
  const { provider, dependsOn } = options;
  if (provider !== undefined) {
    const answer = askProvider<IamTokenTexts>("getIamToken", args, provider, dependsOn);
    return answer.apply((texts) => ({
      ...texts,
      token: pulumi.secret(texts.token),
      authorizationHeader: pulumi.secret(texts.authorizationHeader),
    }));
  }
  return whenKnown<GetIamTokenArgs>(args, dependsOn).apply(getIamToken);
}

/** The answer as it comes out of Pulumi, which marks the whole of it as secret. */
type IamTokenTexts = Omit<GetIamTokenResult, keyof Secrets> & { readonly [K in keyof Secrets]: string };

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
