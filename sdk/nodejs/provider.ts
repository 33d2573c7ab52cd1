import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/words/errors";
import { VERSION } from "../../provider/core/words/version";
import { RELEASE } from "../../provider/generated/release";
import type { GetIamTokenOutputArgs, IamTokenArgs } from "./args";
import { forProgram } from "./program-error";
import { markSecrets } from "./secret-groups";

/** Arguments of a `Provider`. A call's own arguments come first. */
export type ProviderArgs = IamTokenArgs;

/**
 * Holds one identity, for calls that name it: `getIamTokenOutput({}, { provider })`. It needs the plugin
 * `pulumi-resource-yciam`; without a provider, the functions run in the program's own process.
 *
 * What it is given is saved in the state, secrets as secrets, and `refresh` and `destroy` use it as it was saved: give
 * it something that lasts, or run them with `--run-program`.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, options: pulumi.ResourceOptions = {}) {
    const { pluginDownloadURL } = RELEASE;
    super("yciam", name, toInputs(args), { version: VERSION, pluginDownloadURL, ...options });
  }
}

/** Pulumi hands a provider strings alone, so everything else is sent as JSON. */
function toInputs(args: ProviderArgs): pulumi.Inputs {
  const given = Object.entries(markSecrets(args)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, toText(value as pulumi.Input<object | string>)]),
  );
}

function toText(value: pulumi.Input<object | string>): pulumi.Output<string> {
  return pulumi.output(value).apply((plain) => (typeof plain === "string" ? plain : JSON.stringify(plain)));
}

/**
 * Asks the plugin, under the identity of a provider. Pulumi marks such an answer as secret whole; here that mark is taken
 * off, and the caller marks the secrets in it, so that the rest can be shown as in the program's own process.
 * @param name of the function
 * @throws OptionError for a resolver given as an object: it cannot travel to another process
 */
export function askProvider<T>(
  name: string,
  args: GetIamTokenOutputArgs,
  provider: pulumi.ProviderResource,
  dependsOn: pulumi.InvokeOutputOptions["dependsOn"],
): pulumi.Output<T> {
  const options = { provider, ...(dependsOn === undefined ? {} : { dependsOn }) };
  const names = pulumi
    .output(args.resolvers)
    .apply((resolvers) => onlyNames(resolvers as readonly unknown[] | undefined));
  const inputs = { ...markSecrets(args), resolvers: names } as pulumi.Inputs;
  const answer: pulumi.Output<T> = pulumi.runtime.invokeOutput(`yciam:index:${name}`, inputs, options);
  return pulumi.unsecret(answer);
}

function onlyNames(resolvers: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (!resolvers?.some((resolver) => typeof resolver !== "string")) return resolvers;
  throw forProgram(
    new OptionError(
      "resolvers has an object, which cannot be sent to the plugin. Name its module in resolverModules, and it by its name here.",
      "resolvers",
    ),
  );
}
