import type { Failed } from "./http-errors";
import { parseHttpDate } from "./http-date";

type Headers = NonNullable<Failed["response"]>["headers"];

/**
 * Milliseconds that a reply asks to wait before the next attempt, or undefined. A date is compared with the
 * reply's own `Date`, since this host's clock (`now`) may be hours off. That clock counts only where there is no `Date`.
 */
export function retryAfterMs(headers: Headers, now: () => number): number | undefined {
  const [after, date] = [headers["retry-after"], headers["date"]].map((header) => [header].flat()[0]?.trim());
  if (after !== undefined && /^\d{1,12}$/.test(after)) return Number(after) * 1000;
  const until = parseHttpDate(after);
  return until === undefined ? undefined : Math.max(0, until - (parseHttpDate(date) ?? now()));
}
