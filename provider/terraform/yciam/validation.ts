import { createApp } from "../../app";
import { type ObjectType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { type Diagnostic } from "../errors";
import { toConfig } from "./config";
import { diagnose } from "./errors";
import { type Base } from "./identity";

/**
 * Looks for what is wrong with the values of a block, as far as they are known. Variables are not read yet, since they
 * may differ where the plan is applied. One variable is read all the same: only the modules it names know the names of
 * the user's own resolvers.
 *
 * @param type the type of the block
 * @param pick takes the options of the app out of the values
 */
export function validating(
  type: ObjectType,
  base: Base,
  pick = (values: ObjectValue): ObjectValue => values,
): (values: ObjectValue) => Promise<readonly Diagnostic[]> {
  // With `count`, a host asks about the same values as often.
  let right: ObjectValue | undefined;
  return async (values) => {
    if (values === right) return [];
    const { context } = base;
    const { YCIAM_RESOLVER_MODULES } = context.env;
    try {
      createApp(toConfig(pick(values)), { ...context, env: { YCIAM_RESOLVER_MODULES } });
    } catch (error) {
      return [diagnose(error, type)];
    }
    right = values;
    return [];
  };
}
