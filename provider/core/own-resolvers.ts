import type { Context } from "./context";
import { OptionError } from "./errors";
import { option, say } from "./message";
import type { Resolver } from "./resolver";
import { assertResolver } from "./setup";

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
      say`${option("resolverModules")} names ${specifier}, which cannot be loaded (${String(code ?? name)}). A path is taken from the current folder; a package must be installed there.`,
      "resolverModules",
    );
  });
  const resolvers = exportsOf(loaded).filter(looksLikeResolver);
  if (resolvers.length === 0) {
    throw new OptionError(
      say`${option("resolverModules")} names ${specifier}, which exports no resolver made by defineResolver.`,
      "resolverModules",
    );
  }
  resolvers.forEach(assertResolver);
  return resolvers;
}

/** The exports of a module, with a default export unfolded: CommonJS and ES modules nest it differently. */
function exportsOf(loaded: unknown): readonly Resolver[] {
  if (typeof loaded !== "object" || loaded === null) return [];
  if (looksLikeResolver(loaded)) return [loaded as Resolver];
  const values = new Set<unknown>(Object.values(loaded));
  for (const value of [...values]) {
    if (typeof value === "object" && value !== null && !looksLikeResolver(value)) {
      Object.values(value).forEach((inner) => values.add(inner));
    }
  }
  return [...values] as Resolver[];
}

function looksLikeResolver(value: unknown): boolean {
  return typeof value === "object" && value !== null && "resolve" in value && "name" in value;
}
