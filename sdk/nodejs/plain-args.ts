import * as pulumi from "@pulumi/pulumi";
import { OptionError } from "../../provider/core/words/errors";

/**
 * Fails for an Output or a Promise among arguments that must be plain. It would be taken for a value or for nothing, and
 * another identity would be used.
 * @param outputForm the function that takes Outputs
 * @returns whether all of it is plain data, which JSON shows whole, but for resolvers of the user's own
 * @throws OptionError that names the argument
 */
export function rejectOutputs(
  args: unknown,
  path = "",
  seen = new WeakSet<object>(),
  outputForm = "getIamTokenOutput",
): boolean {
  if (pulumi.Output.isInstance(args)) {
    throw new OptionError(`${path || ARGUMENT} is an Output. Use ${outputForm}, which takes Outputs.`, path);
  }
  if (args instanceof Promise)
    throw new OptionError(`${path || ARGUMENT} is a Promise. Await it first.`, path);
  if (path === "" && ((typeof args !== "object" && args !== undefined) || Array.isArray(args))) {
    throw new OptionError(
      "the argument must be an object with options, such as { serviceAccountKey: { file } }.",
      "args",
    );
  }
  if (args === undefined || args === null) return true;
  if (typeof args !== "object") return ["string", "boolean"].includes(typeof args) || Number.isFinite(args);
  // What a resolver of the user's own holds is its affair: it may await a Promise itself.
  if (/^resolvers\.\d+$/.test(path) && isResolver(args)) return true;
  if (seen.has(args)) return false;
  seen.add(args);
  let isData = Array.isArray(args) || Object.getPrototypeOf(args) === Object.prototype;
  for (const [name, value] of Object.entries(args))
    isData = rejectOutputs(value, path === "" ? name : `${path}.${name}`, seen, outputForm) && isData;
  return isData;
}

/** Whether it is a resolver of the user's own, or meant to be one. */
export function isResolver(value: unknown): value is { resolve: unknown } {
  return typeof (value as { resolve?: unknown } | null | undefined)?.resolve === "function";
}

const ARGUMENT = "the argument";
