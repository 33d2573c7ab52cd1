import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/words/errors";

/**
 * Fails for an Output or a Promise among arguments that must be plain: it would be taken for a value, or for nothing,
 * and then another identity would be used.
 * @throws OptionError that names the argument
 */
export function rejectOutputs(args: unknown): void {
  if (args === undefined || args === null) return;
  reject(args, "the argument");
  if (typeof args !== "object" || Array.isArray(args)) {
    throw new OptionError(
      "the argument must be an object with options, such as { serviceAccountKey: { file } }.",
      "args",
    );
  }
  walk(args, "", new WeakSet());
}

function walk(args: object, prefix: string, seen: WeakSet<object>): void {
  if (seen.has(args)) return;
  seen.add(args);
  for (const [name, value] of Object.entries(args) as [string, unknown][]) {
    const path = `${prefix}${name}`;
    reject(value, path);
    if (typeof value === "object" && value !== null) walk(value, `${path}.`, seen);
  }
}

function reject(value: unknown, path: string): void {
  if (pulumi.Output.isInstance(value)) {
    throw new OptionError(`${path} is an Output. Use getIamTokenOutput, which takes Outputs.`, path);
  }
  if (value instanceof Promise) throw new OptionError(`${path} is a Promise. Await it first.`, path);
}
