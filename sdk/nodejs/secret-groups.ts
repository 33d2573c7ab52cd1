import * as pulumi from "@pulumi/pulumi";
import { isSecretGroup } from "../../provider/rows";

/** The arguments with the groups that hold a secret marked as secret, whether the user marked them or not. */
export function markSecrets(args: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]: [string, unknown]) => [
      name,
      isSecretGroup(name) && value !== undefined ? pulumi.secret(value) : value,
    ]),
  );
}
