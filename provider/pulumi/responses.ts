import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Changes } from "../resource";
import type { Checked } from "./configuration";
import type { Failure } from "./errors";
import { encodeProperties, type Properties } from "./values";

/** What a check found: the inputs as they are to be kept, and what is wrong with them. */
export function toCheckResponse({ inputs, failures }: Checked): pb.CheckResponse {
  return new pb.CheckResponse().setInputs(encodeProperties(inputs)).setFailuresList(toFailures(failures));
}

/** What is wrong with some properties, each named. */
export function toFailures(failures: readonly Failure[]): pb.CheckFailure[] {
  return failures.map(({ property, reason }) =>
    new pb.CheckFailure().setProperty(property).setReason(reason),
  );
}

/** Which properties differ; those of the inputs in detail, to be shown by the engine. */
export function toDiffResponse(changes: Changes, olds: Properties, news: Properties): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const names = Object.keys(changes);
  const inputs = names.filter((name) => changes[name] === "input");
  const response = new pb.DiffResponse()
    .setChanges(names.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(names)
    // The engine compares every detail with the new inputs, and would show an output that changes as one that goes.
    .setHasdetaileddiff(inputs.length > 0);
  for (const name of inputs) {
    const kind = pb.PropertyDiff.Kind[kindOf(olds[name], news[name])];
    response.getDetaileddiffMap().set(name, new pb.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

function kindOf(old: unknown, next: unknown): "ADD" | "DELETE" | "UPDATE" {
  if (old === undefined || old === null) return "ADD";
  return next === undefined || next === null ? "DELETE" : "UPDATE";
}
