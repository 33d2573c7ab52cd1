import { OptionError } from "../words/errors";
import { option, say, type Text } from "../words/message";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SHAPE = /^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/**
 * Milliseconds of a duration written as in Go: `90s`, `10m`, `1h30m`, `500ms`.
 * @param path of the option at fault
 * @param name how messages call it; by default the option itself
 * @throws OptionError for anything else, negative values and bare numbers included
 */
export function parseDuration(text: string, path: string, name: Text = option(path)): number {
  if (!SHAPE.test(text)) {
    throw new OptionError(
      say`${name} is not a duration. Write a number with a unit, such as 90s, 10m or 1h30m.`,
      path,
    );
  }
  return [...text.matchAll(PART)].reduce(
    (sum, [, amount, unit]) => sum + Math.round(Number(amount) * (UNITS[unit as string] as number)),
    0,
  );
}

/** A duration for people: `2h 5m`, `9m 30s`, `0s`; negative values count as zero. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ];
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  return shown.length === 0 ? "0s" : shown.map(([amount, unit]) => `${amount}${unit}`).join(" ");
}
