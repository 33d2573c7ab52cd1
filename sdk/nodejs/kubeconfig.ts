import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/words/errors";
import { kubeconfig as make, type KubeconfigArgs } from "../../provider/handout/kubeconfig";
import { forProgram } from "./program-error";

/** Arguments of `kubeconfigOutput`: those of `kubeconfig`, any of which may be an Output. */
export type KubeconfigOutputArgs = { readonly [K in keyof KubeconfigArgs]: pulumi.Input<KubeconfigArgs[K]> };

/**
 * A kubeconfig, in YAML, by which kubectl, Pulumi's kubernetes provider and all that is made with client-go run
 * `yciam exec-credential` for a token whenever they need one. There is no token in it: it is the same in every run and on
 * every machine, so a provider that is given it is never replaced.
 * @throws OptionError that names the argument
 */
export function kubeconfig(args: KubeconfigArgs): string {
  try {
    const output = Object.entries(args).find(([, value]) => pulumi.Output.isInstance(value));
    if (output === undefined) return make(args);
    throw new OptionError(`${output[0]} is an Output. Use kubeconfigOutput, which takes Outputs.`, output[0]);
  } catch (error) {
    throw forProgram(error);
  }
}

/** The same for arguments that are known only while the program runs. */
export function kubeconfigOutput(args: KubeconfigOutputArgs): pulumi.Output<string> {
  return pulumi.output(args).apply((known) => kubeconfig(known as KubeconfigArgs));
}
