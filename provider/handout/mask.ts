import type { Secret } from "../core/words/secret";

/** What stands in the place of a secret, as in the logs of CI systems. */
export const MASK = "***";

/** So much of a beginning tells nothing, since all tokens begin alike; to hold it back would delay a prompt. Characters. */
const TELLING = 6;

/** The secrets of a run, which may become more while it lasts. */
export class Secrets {
  private shapes: readonly string[] = [];
  private pattern = /(?!)/g;

  /** From now on it is hidden: as it is, in a URL, and in base64, whatever stands before and after it there. */
  add(secret: Secret): void {
    const value = secret.reveal();
    const shapes = [value, encodeURIComponent(value), ...base64Cores(value)];
    const all = new Set([...this.shapes, ...shapes.filter(({ length }) => length >= TELLING)]);
    this.shapes = [...all].sort((a, b) => b.length - a.length);
    this.pattern = new RegExp(this.shapes.map((shape) => shape.replace(/\W/g, "\\$&")).join("|"), "g");
  }

  /** Where secrets stand in a text: their beginnings and ends. */
  placesIn(text: string): readonly (readonly [from: number, to: number])[] {
    return Array.from(text.matchAll(this.pattern), ({ index, 0: { length } }) => [index, index + length]);
  }

  /** How many characters at a text's end may be the beginning of one. */
  begunAtEndOf(text: string): number {
    for (let length = Math.min(text.length, this.shapes[0]?.length ?? 0); length > 0; length -= 1) {
      const end = text.slice(-length);
      if (this.shapes.some((shape) => shape.startsWith(end))) return length;
    }
    return 0;
  }
}

/** The part of a text's base64 that is the same whatever stands around it, for each of the three ways it can be aligned. */
function base64Cores(value: string): readonly string[] {
  return [0, 1, 2].flatMap((shift) => {
    const base64 = Buffer.from(" ".repeat(shift) + value).toString("base64");
    const core = base64.slice(shift === 0 ? 0 : 4, -4);
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** Hides secrets in one stream of text, also those that come in pieces. Nothing else is held back. */
export class Masking {
  /** The end of what came, which may be the beginning of a secret. */
  private begun = "";
  /** So many characters of that were let through. */
  private shown = 0;

  constructor(private readonly secrets: Secrets) {}

  /** Takes the next piece, and gives what may be shown now. */
  push(piece: string): string {
    const text = this.begun + piece;
    let [at, shown] = [0, ""];
    const show = (to: number) => text.slice(Math.max(at, this.shown), Math.max(to, this.shown));
    for (const [from, to] of this.secrets.placesIn(text)) {
      shown += show(from) + MASK;
      at = to;
    }
    const begun = this.secrets.begunAtEndOf(text.slice(at));
    const start = text.length - begun;
    const isTelling = begun >= TELLING;
    shown += show(isTelling ? start : text.length);
    this.begun = text.slice(start);
    this.shown = isTelling ? Math.max(0, this.shown - start) : begun;
    return shown;
  }

  /** What is left when the stream ends. */
  end(): string {
    return this.begun.length >= TELLING ? MASK : "";
  }
}
