import type { AppConfig } from "../app";
import type { Env } from "../core/context";
import type { OptionSpec } from "../core/options/options";
import { OptionError } from "../core/words/errors";
import type { Spelling } from "../core/words/message";
import { groups, settings } from "../rows";

/** The inputs of action.yml that are options, and the paths of these. */
export const INPUTS: Readonly<Record<string, string>> = {
  "service-account-id": "workloadIdentity.serviceAccountId",
  audience: "workloadIdentity.githubAudience",
  "impersonate-service-account-id": "impersonate.serviceAccountId",
  "min-remaining-validity": "minRemainingValidity",
};

/** The inputs that are `true` or `false`. */
export type Switch = "export-environment" | "revoke";

/** What was given as an input; undefined when nothing was. The runner upper-cases the name and leaves hyphens. */
function input(env: Env, name: string): string | undefined {
  const value = (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  return value === "" ? undefined : value;
}

/**
 * Whether an input is `true`; when it is not given it is not.
 * @throws OptionError for another word than true and false
 */
export function isOn(env: Env, name: Switch): boolean {
  const value = input(env, name) ?? "false";
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new OptionError(`the input ${name} is neither true nor false.`, name);
}

/**
 * The options of the action. The identity of the job is the one that is used, unless YCIAM_RESOLVERS says otherwise: an
 * earlier step may have left a token in the environment. Nothing is kept on disk.
 */
export function configOf(env: Env): AppConfig {
  const config: Record<string, unknown> = { cache: "none" };
  if ((env.YCIAM_RESOLVERS ?? "") === "") config.resolvers = ["workloadIdentity"];
  for (const [name, path] of Object.entries(INPUTS)) {
    const value = input(env, name);
    const [group = "", option] = path.split(".");
    if (value === undefined) continue;
    config[group] =
      option === undefined ? value : { ...(config[group] as object | undefined), [option]: value };
  }
  return config;
}

/** An option as it is given to the action: an input has a name, and the others are variables. */
export const inputSpelling: Spelling = (path) => {
  const [name] = Object.entries(INPUTS).find(([, option]) => option === path) ?? [];
  if (name !== undefined) return `the input ${name}`;
  const [first] = specOf(path)?.env ?? [];
  return typeof first === "object" ? first.name : (first ?? path);
};

function specOf(path: string): OptionSpec | undefined {
  const [group = "", option] = path.split(".");
  if (option === undefined) return settings[group];
  return groups.find(({ name }) => name === group)?.options[option];
}
