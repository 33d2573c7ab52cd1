import type { Env } from "../core/context";
import { isSafeForCredentials } from "../core/options/urls";
import { OptionError } from "../core/words/errors";
import type { Secret } from "../core/words/secret";

/** Container Registry and Cloud Registry. Both take an IAM token as the password of the user {@link REGISTRY_USER}. */
const REGISTRIES = ["cr.yandex", "registry.yandexcloud.net"];

/** It keeps images and charts alone. */
const NO_GO_MODULES = "cr.yandex";

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

/** The addresses that Go gets a token for. Each is `https://` and a registry, without a path. */
export function goOrigins(env: Env): readonly string[] {
  return registries(env)
    .filter((name) => name !== NO_GO_MODULES)
    .map((name) => `https://${name}`);
}

/** The address, as the URL spells it, of a request that Go wants a token for; undefined when it is not one of ours. */
export function goOriginOf(url: string, env: Env): string | undefined {
  const origin = /^https:\/\/[^/?#]+/i.exec(url)?.[0];
  return origin !== undefined && goOrigins(env).includes(`https://${registryOf(origin)}`)
    ? origin
    : undefined;
}

/** What a command of GOAUTH prints: addresses, an empty line, their header, an empty line. Source: `go help goauth`. */
export function goCredentials(origins: readonly string[], token: Secret): string {
  const basic = Buffer.from(`${REGISTRY_USER}:${token.reveal()}`).toString("base64");
  const urls = origins.map((origin) => `${origin}/\n`);
  return `${urls.join("")}\nAuthorization: Basic ${basic}\n\n`;
}

/** A token as young as this is not taken for a dead one. Milliseconds. */
const YOUNG_MS = 10_000;

/**
 * Whether a registry refused this token because it is dead, by the head of its answer. One that was got since, or just
 * before, is not the reason: of many requests that are refused, the first has the token renewed for all, and a registry
 * that refuses every token has it renewed once.
 * @param head status line and header lines, as Go hands them on
 * @param issuedAt when the token was got, as a result tells it
 */
export function isRefusalOf(head: string, issuedAt = ""): boolean {
  if (!/^HTTP\/[\d.]+ 401\b/.test(head)) return false;
  const refusedAt = Date.parse(/^date: (.+)$/im.exec(head)?.[1] ?? "");
  return !(refusedAt - Date.parse(issuedAt) < YOUNG_MS);
}
