import type { Files } from "../context";
import type { Chosen, Versions } from "./chain";

/** Files are looked at so often and no more; in milliseconds. */
const LOOK_MS = 1000;

/** What is known of earlier looks at a credential's files. */
export interface Looks {
  /** The time of the last look, in milliseconds. */
  at: number;
  /** How the files stood when a new token was asked for last. */
  tried?: Versions;
}

/**
 * Whether a file has changed, so that a token should be asked for again: since the held one came, or since one was asked
 * for in vain. It says so at one look only.
 * @param now in milliseconds
 */
export function isChanged(looks: Looks, files: Files, { versions, source }: Chosen, now: number): boolean {
  if (Math.abs(now - looks.at) < LOOK_MS) return false;
  looks.at = now;
  const known = source.isPausing() ? (looks.tried ?? versions) : versions;
  for (const [path, before] of known) {
    const version = files.version(path);
    // One that is gone is none: what came from it is still good.
    if (version !== undefined && version !== before) return true;
  }
  return false;
}

/** The same files, as they stand now. */
export function lookAt(versions: Versions, files: Files): Versions {
  return new Map([...versions.keys()].map((path) => [path, files.version(path)]));
}
