/** A secret that was planted, and what it is called when it is found. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** A text that was left behind somewhere, and where. */
export interface Trace {
  readonly where: string;
  readonly text: string;
}

/** Pieces shorter than this could be anywhere by chance. */
const MIN_PIECE = 16;

/**
 * Every place where a secret, or a telling piece of it, stands in clear: as it is, escaped for JSON or a URL, in
 * base64, and, for what has several lines or parts (a PEM, a JWT), each line or part of its own.
 */
export function findCanaries(canaries: readonly Canary[], traces: readonly Trace[]): string[] {
  return canaries.flatMap(({ name, value }) => {
    const shapes = shapesOf(value);
    return traces
      .filter(({ text }) => shapes.some((shape) => text.includes(shape)))
      .map(({ where }) => `${name} in ${where}`);
  });
}

function shapesOf(value: string): string[] {
  const lines = value.split("\n").filter((line) => line.length >= MIN_PIECE && !line.startsWith("-----"));
  const secretLines = lines.filter((line) => !line.startsWith("PLEASE DO NOT REMOVE THIS LINE"));
  const parts = lines.length > 1 ? secretLines : value.startsWith("eyJ") ? [value.split(".")[2] ?? ""] : [];
  const encoded = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    ...base64Cores(value),
    ...parts,
  ];
  return [...new Set(encoded)].filter((shape) => shape.length >= MIN_PIECE);
}

/** The part of a text's base64 that is the same whatever stands around it, for the three ways it can be aligned. */
function base64Cores(value: string): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.from(" ".repeat(shift) + value).toString("base64");
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
}
