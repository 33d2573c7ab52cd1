import { formatDuration } from "../../core/options/duration";
import { MAX_TOKEN_LIFE_MS } from "../../core/token/token";
import { type CallContext, type Renewed } from "../definition";
import { type Base } from "./identity";

/** How long before a token dies the warning comes, in milliseconds. Where less than twice this is left, it comes halfway. */
const LEAD_MS = 10 * 60_000;

/**
 * When to warn that a token will die. Undefined when its end is not known, or has come.
 *
 * @param expiresAt RFC 3339
 * @param now milliseconds since the epoch
 */
export function warnAt(expiresAt: string | undefined, now: number): Date | undefined {
  const end = Date.parse(expiresAt ?? "");
  // If more is left than a token can live, the clock here is slow, and the token dies earlier than it seems.
  const left = Math.min(end - now, MAX_TOKEN_LIFE_MS);
  return left > 0 ? new Date(now + left - Math.min(LEAD_MS, left / 2)) : undefined;
}

/** What was handed out and will die. The host keeps this until the renewal, so no secret is in it. */
export interface Dying {
  readonly what: "IAM Token" | "Access Key";
  /** RFC 3339; undefined where nobody knows. */
  readonly expiresAt: string | undefined;
  /** Tells it apart from others in the log. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What the host needs to know at opening, so that a warning comes before the end. */
export function firstWarning(dying: Dying, { context }: Base): Renewed {
  const renewAt = warnAt(dying.expiresAt, context.now());
  return renewAt === undefined ? {} : { renewAt, private: Buffer.from(JSON.stringify(dying)) };
}

/** What is opened cannot be replaced. So its user is warned before it dies, and when it has died. */
export function warn(bytes: Uint8Array | undefined, { context, logger }: Base, call: CallContext): Renewed {
  if (!bytes?.length) return {};
  const dying = JSON.parse(Buffer.from(bytes).toString()) as Dying & { expiresAt: string };
  const { summary, detail, next } = warning(dying, context.now());
  logger.warn(detail, dying.fields);
  call.warn({ summary, detail });
  return { private: bytes, ...(next && { renewAt: next }) };
}

function warning(
  { what, expiresAt }: Dying & { expiresAt: string },
  now: number,
): { readonly summary: string; readonly detail: string; readonly next?: Date } {
  const left = Date.parse(expiresAt) - now;
  const lost =
    "Terraform cannot hand another one to what uses it already, so whatever still works with it is refused";
  if (left <= 0)
    return { summary: `${what} Has Died`, detail: `It died at ${expiresAt}. ${lost}. Run this again.` };
  return {
    summary: `${what} Will Die Soon`,
    detail: `It dies at ${expiresAt}, in ${formatDuration(left)}. ${lost} then. Run again what is refused, or make shorter runs.`,
    next: new Date(expiresAt),
  };
}
