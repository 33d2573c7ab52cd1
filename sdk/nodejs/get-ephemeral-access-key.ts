import * as pulumi from "@pulumi/pulumi";
import { type AccessKey, createApp } from "../../provider/app";
import { ACCESS_KEY_OPTIONS } from "../../provider/core/options/access-key";
import { processContext } from "../../provider/dynamic/main";
import type { GetEphemeralAccessKeyArgs, GetEphemeralAccessKeyOutputArgs } from "./args";
import { type OutputOptions, whenKnown } from "./depends-on";
import type { AccessKeyArgs } from "./generated/args";
import type { GetIamTokenArgs } from "./plain-options";
import type { GetEphemeralAccessKeyResult } from "./generated/result";
import { rejectOutputs } from "./plain-args";
import { forProgram } from "./program-error";
import { askProvider } from "./provider";
import { sharedApp } from "./shared-app";

/**
 * An ephemeral access key of Object Storage, for what speaks AWS's protocol. It cannot be revoked, and it dies with the token
 * that asks for it. Rejects with an error that has a literal `code` (`ERR_YCIAM_...`) and holds no secret.
 */
export async function getEphemeralAccessKey(
  args: GetEphemeralAccessKeyArgs = {},
): Promise<GetEphemeralAccessKeyResult> {
  try {
    const isData = rejectOutputs(args, "", undefined, "getEphemeralAccessKeyOutput");
    const { own, config } = split(args);
    const context = processContext();
    const app = isData ? sharedApp(config, context) : createApp({ ...config }, context);
    return toOutputs(await app.getAccessKey(own));
  } catch (error) {
    throw forProgram(error);
  }
}

/**
 * The same for arguments that are known only while the program runs. Each property of the answer is an Output;
 * `secretAccessKey` and `sessionToken` are secret, the others are not, even when an argument is.
 */
export function getEphemeralAccessKeyOutput(
  args: GetEphemeralAccessKeyOutputArgs = {},
  options: OutputOptions = {},
): pulumi.Output<GetEphemeralAccessKeyResult> {
  const { provider, dependsOn } = options;
  if (provider !== undefined) {
    const answer = askProvider<AccessKeyTexts>("getEphemeralAccessKey", args, provider, dependsOn);
    return answer.apply(sealed);
  }
  return whenKnown<GetEphemeralAccessKeyArgs>(args, dependsOn).apply(getEphemeralAccessKey);
}

type AccessKeyTexts = { readonly [K in keyof GetEphemeralAccessKeyResult]: string };

function toOutputs({ secretAccessKey, sessionToken, ...rest }: AccessKey): GetEphemeralAccessKeyResult {
  return sealed({
    ...rest,
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken.reveal(),
  });
}

function sealed(texts: AccessKeyTexts): GetEphemeralAccessKeyResult {
  const { secretAccessKey, sessionToken, ...rest } = texts;
  return {
    ...rest,
    secretAccessKey: pulumi.secret(secretAccessKey),
    sessionToken: pulumi.secret(sessionToken),
  };
}

function split(args: GetEphemeralAccessKeyArgs): {
  readonly own: AccessKeyArgs;
  readonly config: GetIamTokenArgs;
} {
  const part = (isOwn: boolean) =>
    Object.fromEntries(Object.entries(args).filter(([name]) => name in ACCESS_KEY_OPTIONS === isOwn));
  return { own: part(true), config: part(false) };
}
