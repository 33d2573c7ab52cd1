import * as pulumi from "@pulumi/pulumi";
import type { AppConfig } from "../app";

/** A resource's properties as the dynamic provider gets them: plain values, secrets already opened. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the resource adds to a result; everything else among its properties is an option. */
const OUTPUTS = [
  "token",
  "authorizationHeader",
  "expiresAt",
  "issuedAt",
  "refreshAt",
  "resolver",
  "subjectId",
  "fingerprint",
  "__provider",
];

/** A resource's inputs, sorted by what they are for. */
export interface Inputs {
  readonly config: AppConfig;
  readonly revokeOnDelete: boolean;
  /** Something in them is not known yet. */
  readonly unknown: boolean;
}

/** Sorts a resource's properties: options, and what concerns the resource alone. */
export function splitInputs(properties: Properties): Inputs {
  const { revokeOnDelete, ...rest } = properties;
  const config = Object.fromEntries(
    Object.entries(rest).filter(
      ([name, value]) => !OUTPUTS.includes(name) && value !== undefined && value !== null,
    ),
  );
  return { config, revokeOnDelete: revokeOnDelete === true, unknown: hasUnknown(config) };
}

function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === pulumi.runtime.unknownValue;
  return Object.values(value).some(hasUnknown);
}
