import { type App, createApp } from "../../provider/app";
import type { Context } from "../../provider/core/context";
import { Recent } from "../../provider/core/token/recent";
import { digest } from "../../provider/core/token/token";

/** An app, and the environment variables that it has read so far. */
interface Shared {
  readonly app: App;
  readonly variables: ReadonlyMap<string | symbol, string | undefined>;
}

const apps = new Recent<Shared>(20);

/**
 * The app of an earlier call with equal arguments, or a new one. It knows its token, where another would have to read all
 * options and files first. An app that has read a variable which is another one by now is not used again.
 * @param args plain data, which JSON shows whole
 * @throws OptionError for an option that cannot be used
 */
export function sharedApp(args: object, context: Context): App {
  // A digest, since a credential may stand in the arguments.
  const name = digest(JSON.stringify(args));
  const former = apps.get(name);
  if (former !== undefined && isSame(former.variables, context)) return former.app;
  const variables = new Map<string | symbol, string | undefined>();
  const env = new Proxy(context.env, {
    get: (all, variable) => {
      const value = all[variable as string];
      variables.set(variable, value);
      return value;
    },
  });
  return apps.add(name, { app: createApp({ ...args }, { ...context, env }), variables }).app;
}

function isSame(variables: Shared["variables"], { env }: Context): boolean {
  for (const [variable, value] of variables) if (env[variable as string] !== value) return false;
  return true;
}
