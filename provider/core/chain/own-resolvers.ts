import type { Context } from "../context";
import { OptionError } from "../words/errors";
import { option, say } from "../words/message";
import type { Resolver } from "./resolver";
import { shownPath } from "../words/secret";

/**
 * Loads the modules named in `resolverModules`. A module exports a resolver, or several: as its default, or by name.
 * @throws OptionError that names the module, without what it threw: that may hold anything
 */
export async function loadResolvers(
  modules: readonly string[],
  context: Context,
): Promise<readonly Resolver[]> {
  const loaded = await Promise.all(modules.map((specifier) => loadModule(specifier, context)));
  return loaded.flat();
}

async function loadModule(specifier: string, context: Context): Promise<readonly Resolver[]> {
  const loaded = await context.loadModule(specifier).catch((error: unknown) => {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    throw new OptionError(
      say`${option("resolverModules")} names ${shownPath(specifier)}, which cannot be loaded (${String(code ?? name)}). A path is taken from the current folder; a package must be installed there.`,
      "resolverModules",
    );
  });
  const resolvers = resolversIn(loaded);
  if (resolvers.length === 0) {
    throw new OptionError(
      say`${option("resolverModules")} names ${shownPath(specifier)}, which exports no resolver made by defineResolver.`,
      "resolverModules",
    );
  }
  resolvers.forEach(assertResolver);
  return resolvers;
}

/** How deep a default export may be nested: CommonJS, ES modules and compilers each add a layer of their own. */
const MAX_DEPTH = 3;

/** The resolvers among the exports of a module, those in lists and in default exports too; each of them once. */
function resolversIn(exported: unknown, depth = 0): readonly Resolver[] {
  if (typeof exported !== "object" || exported === null) return [];
  if (looksLikeResolver(exported)) return [exported as Resolver];
  if (depth > MAX_DEPTH) return [];
  const found = Object.values(exported).flatMap((value) => resolversIn(value, depth + 1));
  return [...new Set(found)];
}

function looksLikeResolver(value: unknown): boolean {
  return typeof value === "object" && value !== null && "resolve" in value && "name" in value;
}

/**
 * Fails for an object that was not made by `defineResolver`.
 * @throws OptionError
 */
export function assertResolver(candidate: unknown): asserts candidate is Resolver {
  const { name, summary, options, resolve } = (candidate ?? {}) as Partial<Resolver>;
  const valid = typeof name === "string" && /^[a-z][A-Za-z0-9]*$/.test(name) && typeof summary === "string";
  if (valid && typeof options === "object" && options !== null && typeof resolve === "function") return;
  throw new OptionError(
    say`${option("resolvers")} has an object that is no resolver. Make it with defineResolver({ name, summary, options, resolve }), with a name in camelCase.`,
    "resolvers",
  );
}
