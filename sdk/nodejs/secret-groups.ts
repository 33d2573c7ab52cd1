import * as pulumi from "@pulumi/pulumi";
import { isSecretOption, type OptionSpec } from "../../provider/core/options/options";
import { resolvers } from "../../provider/resolvers";

/** The groups of options that hold a secret: kept as secrets whole. */
export const SECRET_GROUPS: readonly string[] = resolvers
  .filter(({ options }) => Object.values<OptionSpec>(options).some(isSecretOption))
  .map(({ name }) => name);

/** The arguments with those groups marked as secret, whether the user marked them or not. */
export function markSecrets(args: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]: [string, unknown]) => [
      name,
      SECRET_GROUPS.includes(name) && value !== undefined ? pulumi.secret(value) : value,
    ]),
  );
}
