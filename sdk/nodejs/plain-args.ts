import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/words/errors";

/**
 * Fails for an Output or a Promise among arguments that must be plain. It would be taken for a value or for nothing, and
 * another identity would be used.
 * @throws OptionError that names the argument
 */
export function rejectOutputs(args: unknown, path = "", seen = new WeakSet<object>()): void {
  if (pulumi.Output.isInstance(args)) {
    throw new OptionError(
      `${path || ARGUMENT} is an Output. Use getIamTokenOutput, which takes Outputs.`,
      path,
    );
  }
  if (args instanceof Promise)
    throw new OptionError(`${path || ARGUMENT} is a Promise. Await it first.`, path);
  if (path === "" && ((typeof args !== "object" && args !== undefined) || Array.isArray(args))) {
    throw new OptionError(
      "the argument must be an object with options, such as { serviceAccountKey: { file } }.",
      "args",
    );
  }
  if (typeof args !== "object" || args === null || seen.has(args)) return;
  seen.add(args);
  for (const [name, value] of Object.entries(args))
    rejectOutputs(value, path === "" ? name : `${path}.${name}`, seen);
}

const ARGUMENT = "the argument";
