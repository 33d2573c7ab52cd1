import type { Spelling } from "../core/message";
import { resolvers } from "../resolvers";

/** An option's path as a flag: `--service-account-key-file` for `serviceAccountKey.file`; a resolver keeps its name. */
export const flagSpelling: Spelling = (path) =>
  resolvers.some(({ name }) => name === path) ? path : `--${kebabCase(path)}`;

/** `service-account-key-file` for `serviceAccountKey.file`. */
export function kebabCase(path: string): string {
  return path.replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
