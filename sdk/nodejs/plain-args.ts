import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/errors";

/**
 * Fails for an Output among arguments that must be plain: its text would be taken for a value.
 * @throws OptionError that names the argument
 */
export function rejectOutputs(args: object, prefix = ""): void {
  for (const [name, value] of Object.entries(args)) {
    const path = `${prefix}${name}`;
    if (pulumi.Output.isInstance(value)) {
      throw new OptionError(`${path} is an Output. Use getIamTokenOutput, which takes Outputs.`, path);
    }
    if (typeof value === "object" && value !== null && name !== "resolvers")
      rejectOutputs(value as object, `${path}.`);
  }
}
