import { createApp } from "../../app";
import { type ObjectType } from "../cty/type";
import { type ObjectValue } from "../cty/value";
import { type Diagnostic } from "../errors";
import { toConfig } from "./config";
import { diagnose } from "./errors";
import { type Base } from "./identity";

/**
 * What is wrong with the attributes of a block, as far as they are known. Variables are left for later: they may be
 * others where it is applied.
 */
export async function validateOptions(
  values: ObjectValue,
  type: ObjectType,
  { context }: Base,
): Promise<readonly Diagnostic[]> {
  try {
    createApp(toConfig(values), { ...context, env: {} });
    return [];
  } catch (error) {
    return [diagnose(error, type)];
  }
}
