import { createApp } from "../../app";
import { type ObjectType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { type Diagnostic } from "../errors";
import { toConfig } from "./config";
import { diagnose } from "./errors";
import { type Base } from "./identity";

/**
 * What is wrong with the values of a block, as far as they are known. Variables are not read yet, since they may differ
 * where the plan is applied. One variable is read all the same: only the modules it names know the names of the user's
 * own resolvers.
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
