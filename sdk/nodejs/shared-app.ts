import { type App, createApp } from "../../provider/app";
import type { Context } from "../../provider/core/context";
import { Recent } from "../../provider/core/token/recent";
import { digest } from "../../provider/core/token/token";
import { isResolver } from "./plain-args";
import type { GetIamTokenArgs } from "./plain-options";

/** An app, and the environment variables that it has read so far. */
interface Shared {
  readonly app: App;
  readonly variables: ReadonlyMap<string | symbol, string | undefined>;
}

const apps = new Recent<Shared>(20);
/** A program may make a resolver of its own for each call; its apps must not push out those of `apps`. */
const appsWithOwn = new Recent<Shared>(20);

/** Resolvers of the user's own, which JSON does not show, by number. */
const numbers = new WeakMap<object, number>();
let count = 0;

/**
 * The app of an earlier call with equal arguments, or a new one. It knows its token, where another would have to read all
 * options and files first. An app that has read a variable which is another one by now is not used again.
 * @param args plain data, which JSON shows whole, but for resolvers of the user's own
 * @throws OptionError for an option that cannot be used
 */
export function sharedApp(args: GetIamTokenArgs, context: Context): App {
  const { resolvers } = args;
  const hasOwn = Array.isArray(resolvers) && resolvers.some(isResolver);
  const known = hasOwn ? appsWithOwn : apps;
  // A digest, since a credential may stand in the arguments.
  const name = digest(JSON.stringify(hasOwn ? { ...args, resolvers: resolvers.map(shown) } : args));
  const former = known.get(name);
  if (former !== undefined && isSame(former.variables, context)) return former.app;
  const variables = new Map<string | symbol, string | undefined>();
  const env = new Proxy(context.env, {
    get: (all, variable) => {
      const value = all[variable as string];
      variables.set(variable, value);
      return value;
    },
  });
  return known.add(name, { app: createApp({ ...args }, { ...context, env }), variables }).app;
}

/** A resolver as JSON can show it. */
function shown(resolver: unknown): unknown {
  if (!isResolver(resolver)) return resolver;
  const own = numbers.get(resolver) ?? (count += 1);
  numbers.set(resolver, own);
  return { own };
}

function isSame(variables: Shared["variables"], { env }: Context): boolean {
  for (const [variable, value] of variables) if (env[variable as string] !== value) return false;
  return true;
}
