import type { Changes } from "../resource";
import type { Checked } from "./configuration";
import {
  type CheckResponse,
  type DiffResponse,
  DiffResponse_DiffChanges as DiffChanges,
  type PropertyDiff,
  PropertyDiff_Kind as Kind,
} from "./generated/pulumi/provider";
import { encodeProperties, type Properties } from "./values";

/** What a check found: the inputs as they are to be kept, and what is wrong with them. */
export function toCheckResponse({ inputs, failures }: Checked): CheckResponse {
  return { inputs: encodeProperties(inputs), failures: [...failures] };
}

/** Which properties differ; those of the inputs in detail, to be shown by the engine. */
export function toDiffResponse(changes: Changes, olds: Properties, news: Properties): DiffResponse {
  const names = Object.keys(changes);
  const inputs = names.filter((name) => changes[name] === "input");
  const detail = (name: string): PropertyDiff => ({ kind: kindOf(olds[name], news[name]), inputDiff: true });
  return {
    changes: names.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME,
    diffs: names,
    // The engine compares every detail with the new inputs, and would show an output that changes as one that goes.
    hasDetailedDiff: inputs.length > 0,
    detailedDiff: Object.fromEntries(inputs.map((name) => [name, detail(name)])),
  };
}

function kindOf(old: unknown, next: unknown): Kind {
  if (old === undefined || old === null) return Kind.ADD;
  return next === undefined || next === null ? Kind.DELETE : Kind.UPDATE;
}
