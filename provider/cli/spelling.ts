import type { Spelling } from "../core/words/message";
import { kebabCase } from "../handout/kebab-case";
import { resolvers } from "../resolvers";

/**
 * An option's path as a flag: `--service-account-key-file` for `serviceAccountKey.file`. A resolver keeps its name; a
 * resolver of the user's own has no flags, and its options are given by `--option`.
 */
export const flagSpelling: Spelling = (path) => {
  const [group, name] = path.split(".");
  if (resolvers.some((resolver) => resolver.name === path)) return path;
  const isOwn =
    name !== undefined && group !== "impersonate" && resolvers.every((resolver) => resolver.name !== group);
  return isOwn ? `--option ${path}=...` : `--${kebabCase(path)}`;
};
