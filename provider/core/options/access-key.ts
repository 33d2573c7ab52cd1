import { OptionError } from "../words/errors";
import { tryParseObject } from "../words/json";
import { option, say } from "../words/message";
import type { OptionSpecs } from "./options";
import { readOptions } from "./read";
import { MAX_LIFE_MS } from "./settings";

/** What may be said of an ephemeral access key, beside whose it is: one row each, for every host. */
export const ACCESS_KEY_OPTIONS = {
  duration: {
    kind: "duration",
    default: "1h",
    doc: "How long the key lives: 15m or more, less than 12h. It cannot be revoked, and it dies with the token that asks for it.",
  },
  sessionName: {
    kind: "string",
    default: "yciam",
    doc: "Names the key's user in audit logs: 1 to 64 letters, digits and `_+=,.@-`.",
  },
  policy: {
    kind: "string",
    doc: "A policy of AWS's kind, as JSON, that takes rights away from the key; at most 2048 characters.",
  },
  subjectId: {
    kind: "string",
    doc: "Id of the account that the key is for, by default the token's own; for another the caller needs iam.serviceAccounts.ephemeralAccessKeyAdmin on it.",
  },
} as const satisfies OptionSpecs;

/** Options as a user gave them, each by default as its row says. */
export type AccessKeyOptions = { readonly [K in keyof typeof ACCESS_KEY_OPTIONS]?: string | undefined };

/** What is asked of IAM. */
export interface AccessKeyRequest {
  readonly durationMs: number;
  readonly sessionName: string;
  readonly policy?: string | undefined;
  readonly subjectId?: string | undefined;
}

/** The shortest that IAM lets a key live (iam-facts 10). */
const MIN_LIFE_MS = 15 * 60_000;

/** Characters without white space. */
const MAX_POLICY = 2048;

/**
 * Reads what a key shall be like.
 * @throws OptionError for what IAM would refuse
 */
export function readAccessKeyOptions(given: AccessKeyOptions): AccessKeyRequest {
  const preset = { duration: ACCESS_KEY_OPTIONS.duration.default };
  const { values } = readOptions("", ACCESS_KEY_OPTIONS, { ...preset, ...withoutNothing(given) }, {});
  const {
    duration: durationMs = 0,
    sessionName = ACCESS_KEY_OPTIONS.sessionName.default,
    subjectId,
  } = values;
  const policy = values.policy === undefined ? undefined : tryParseObject(values.policy);
  check(
    durationMs >= MIN_LIFE_MS && durationMs < MAX_LIFE_MS,
    "duration",
    "must be 15m or more, and less than 12h",
  );
  check(/^[\w+=,.@-]{1,64}$/.test(sessionName), "sessionName", "must be 1 to 64 letters, digits and _+=,.@-");
  check(/^[\x21-\x7e]{1,50}$/.test(subjectId ?? "-"), "subjectId", "is no id of an account");
  check(values.policy === undefined || policy !== undefined, "policy", "is not a JSON object");
  const text = policy && JSON.stringify(policy);
  check((text ?? "").length <= MAX_POLICY, "policy", `is longer than ${MAX_POLICY} characters`);
  return { durationMs, sessionName, policy: text, subjectId };
}

function check(isGood: boolean, name: string, is: string): void {
  if (!isGood) throw new OptionError(say`${option(name)} ${is}.`, name);
}

function withoutNothing(given: AccessKeyOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => (value ?? undefined) !== undefined));
}
