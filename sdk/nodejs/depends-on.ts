import * as pulumi from "@pulumi/pulumi";

/** Options of the Output form of a function. */
export interface OutputOptions {
  /** IAM is asked only when these exist. Name a key here that the same program makes. */
  readonly dependsOn?: pulumi.Input<pulumi.Resource> | pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
  /** Asks the plugin under this provider's identity, in place of this process. */
  readonly provider?: pulumi.ProviderResource;
}

/**
 * Arguments that are known only while the program runs. Their marks of secrecy end here: an answer's own secrets are marked
 * one by one.
 */
export function whenKnown<T>(args: unknown, dependsOn: OutputOptions["dependsOn"]): pulumi.Output<T> {
  const known = pulumi.unsecret(pulumi.output({ args, ids: dependencyIds(dependsOn) }));
  return known.apply((inputs) => inputs.args as T);
}

/** Their ids, which are unknown while one of the resources is still to be made. */
function dependencyIds(dependsOn: OutputOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi
    .output(dependsOn ?? [])
    .apply((resources) =>
      [resources]
        .flat()
        .map((resource) => (pulumi.CustomResource.isInstance(resource) ? resource.id : resource.urn)),
    );
}
