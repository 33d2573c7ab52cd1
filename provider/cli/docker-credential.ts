import type { App } from "../app";
import type { Env } from "../core/context";
import { OptionError } from "../core/words/errors";
import { VERSION } from "../core/words/version";
import { dockerCredentials, isInClear, REGISTRY_USER, registries, registryOf } from "../handout/registries";
import type { Io } from "./io";

/** What makes a client go on without credentials. Any other text is an error for it. */
const NOT_FOUND = "credentials not found in native keychain";

const USAGE = "Usage: docker-credential-yciam get|list|store|erase|version";

/** What a credential helper needs of its process. */
export interface Helper {
  readonly io: Io;
  readonly env: Env;
  readonly app: () => App;
}

const REFUSED: Readonly<Record<string, string>> = {
  store: "docker login is not needed: docker-credential-yciam gets a token whenever one is asked for.",
  erase:
    "docker logout does nothing: docker-credential-yciam keeps no login. `yciam revoke` makes a token useless.",
};

/**
 * A credential helper of Docker: `"credHelpers": {"cr.yandex": "yciam"}` in its config.json names it. The environment
 * decides whose token it is. Source: docker/docker-credential-helpers.
 * @throws OptionError for another word, or for what cannot be done
 */
export async function dockerCredential(action = "", helper: Helper): Promise<void> {
  helper.io.stdout.write(`${await answer(action, helper)}\n`);
}

async function answer(action: string, helper: Helper): Promise<string> {
  if (action === "get") return get((await helper.io.stdin()).trim(), helper);
  if (action === "version") return `docker-credential-yciam ${VERSION}`;
  if (action === "list") {
    const users = registries(helper.env).map((name) => [`https://${name}`, REGISTRY_USER]);
    return JSON.stringify(Object.fromEntries(users));
  }
  throw new OptionError(REFUSED[action] ?? USAGE, "action");
}

async function get(server: string, { io, env, app }: Helper): Promise<string> {
  if (server === "") throw new OptionError("no credentials server URL", "server");
  if (!registries(env).includes(registryOf(server))) throw new OptionError(NOT_FOUND, "server");
  if (isInClear(server))
    throw new OptionError(`no token goes to ${registryOf(server)} without TLS: write https.`, "server");
  const { token } = await app().getIamToken(io.signal);
  return dockerCredentials(server, token);
}
