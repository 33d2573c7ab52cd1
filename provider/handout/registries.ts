import type { Env } from "../core/context";
import { isSafeForCredentials } from "../core/options/urls";
import { OptionError } from "../core/words/errors";
import type { Secret } from "../core/words/secret";

/** Container Registry and Cloud Registry. Both take an IAM token as the password of the user {@link REGISTRY_USER}. */
const REGISTRIES = ["cr.yandex", "registry.yandexcloud.net"];

/** The name that goes with an IAM token. */
export const REGISTRY_USER = "iam";

const MORE = "YCIAM_REGISTRIES";

/**
 * The registries that get a token: those of Yandex Cloud, and `host` or `host:port` that the variable YCIAM_REGISTRIES
 * names, with commas between them. No other gets one, since whoever has it can use the cloud.
 * @throws OptionError for a name that is no host
 */
export function registries(env: Env): readonly string[] {
  const more = (env[MORE] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const named = more.filter((name) => name !== "");
  if (named.every((name) => /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/.test(name)))
    return [...REGISTRIES, ...named];
  throw new OptionError(`${MORE} is not a list of registries like cr.example.com,127.0.0.1:5000.`, MORE);
}

/** The registry in what a client asks about: `https://cr.yandex/v2/`, `cr.yandex:443` or `cr.yandex/crp123`. */
export function registryOf(server: string): string {
  const host = server
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/s, "");
  return host.replace(/:443$/, "");
}

/** Whether a client would send what it gets in clear over a network. */
export function isInClear(server: string): boolean {
  const url = /^http:\/\//i.test(server) && URL.canParse(server) ? new URL(server) : undefined;
  return url !== undefined && !isSafeForCredentials(url);
}

/** What a credential helper of Docker prints for `get`. Source: docker/docker-credential-helpers. */
export function dockerCredentials(server: string, token: Secret): string {
  return JSON.stringify({ ServerURL: server, Username: REGISTRY_USER, Secret: token.reveal() });
}
