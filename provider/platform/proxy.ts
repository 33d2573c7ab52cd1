import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { HttpRequest } from "../core/context";
import { OptionError } from "../core/words/errors";
import { withAuthority } from "./authorities";
import { Tunnel } from "./tunnel";

/** The first one that names a proxy counts. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/** A proxy that has not connected after this time is given up. Milliseconds. */
const PROXY_TIMEOUT_MS = 10_000;
/** The settings of Node's own agents, which are not used: NODE_USE_ENV_PROXY lets those go through a proxy. */
const DIRECT = { keepAlive: true, scheduling: "lifo", timeout: 5000 } as const;

/** What a request goes through, by the scheme of its URL. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Finds the agents for a request. The signal ends the request. */
export type AgentsFor = (request: HttpRequest, signal: AbortSignal) => Promise<Agents>;

/**
 * Finds the proxy of each https request in `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. Plain http never goes through
 * one: it is for loopback addresses and the metadata service, and a proxy would see the credential.
 */
export function createAgents(): AgentsFor {
  const direct: Agents = { http: new HttpAgent(DIRECT), https: new HttpsAgent(DIRECT) };
  return async (request, signal) => {
    const proxy = await proxyOf(request);
    return proxy === undefined ? direct : { ...direct, https: tunnelTo(proxy, request, signal) };
  };
}

async function proxyOf({ url }: HttpRequest): Promise<URL | undefined> {
  if (!url.startsWith("https:")) return undefined;
  const variable = VARIABLES.find((name) => textOf(name) !== "" && !isForOthers(name));
  if (variable === undefined) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  return getProxyForUrl(url) === "" ? undefined : readProxy(variable);
}

const textOf = (variable: string) => (process.env[variable] ?? "").trim();

/** ALL_PROXY is for all programs. It often names a SOCKS proxy, which cannot be used here: that is no mistake. */
function isForOthers(variable: string): boolean {
  return /^all_proxy$/i.test(variable) && /^(?!https?:)[a-z][-+.\w]*:\/\//i.test(textOf(variable));
}

/** Reads the address. No error shows it, since it may hold a password. */
function readProxy(variable: string): URL {
  const text = textOf(variable);
  // Most programs read an address without a scheme as http.
  const address = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "" && isEscaped(url))
    return url;
  throw new OptionError(
    `${variable} is not the address of a proxy that can be used here: write http://host:port or https://host:port; in a user or password, write % as %25.`,
    variable,
  );
}

function isEscaped({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function tunnelTo(proxy: URL, { ca }: HttpRequest, signal: AbortSignal): Tunnel {
  const trusted = ca === undefined ? {} : { ca: withAuthority(ca) };
  return new Tunnel({ proxy, signal, timeoutMs: PROXY_TIMEOUT_MS, ...trusted });
}
