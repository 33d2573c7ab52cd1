import { createApp } from "../../app";
import { type ObjectType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { type Diagnostic } from "../errors";
import { toConfig } from "./config";
import { diagnose } from "./errors";
import { type Base } from "./identity";

/**
 * What is wrong with the attributes of a block, as far as they are known. Variables are left for later: they may be
 * others where it is applied. But for one: resolvers of the user's own have names that only their modules know.
 */
export async function validateOptions(
  values: ObjectValue,
  type: ObjectType,
  { context }: Base,
): Promise<readonly Diagnostic[]> {
  const { YCIAM_RESOLVER_MODULES } = context.env;
  try {
    createApp(toConfig(values), { ...context, env: { YCIAM_RESOLVER_MODULES } });
    return [];
  } catch (error) {
    return [diagnose(error, type)];
  }
}
