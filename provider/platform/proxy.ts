import type { Agent } from "node:https";
import type { HttpRequest } from "../core/context";
import { OptionError } from "../core/errors";

/** In the order in which they are looked at; the first of a pair may be in small letters too. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/** A proxy that says nothing for so long is given up. Milliseconds. */
const PROXY_TIMEOUT_MS = 10_000;

/** The agent for a request: of the proxy that the environment names, or undefined for none. */
export type ProxyAgents = (request: HttpRequest) => Promise<Agent | undefined>;

/**
 * Finds the proxy of each https request in `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. Plain http never goes through
 * one: it is for loopback addresses, and a proxy would see the credential. Nothing is loaded where no proxy is named.
 */
export function createProxyAgents(): ProxyAgents {
  const agents = new Map<string, Agent>();
  return async ({ url, direct = false }) => {
    const variable = VARIABLES.find((name) => (process.env[name] ?? "").trim() !== "");
    if (variable === undefined || direct || !url.startsWith("https:")) return undefined;
    const { getProxyForUrl } = await import("proxy-from-env");
    const proxy = getProxyForUrl(url);
    if (proxy === "") return undefined;
    const agent = agents.get(proxy) ?? (await createAgent(readProxy(proxy, variable)));
    agents.set(proxy, agent);
    return agent;
  };
}

/** The address is never shown: it may hold a password. */
function readProxy(text: string, variable: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "") return url;
  throw new OptionError(
    `${variable} is not the address of a proxy that can be used here: write http://host:port or https://host:port.`,
    variable,
  );
}

async function createAgent(proxy: URL): Promise<Agent> {
  const { HttpsProxyAgent } = await import("hpagent");
  return new HttpsProxyAgent({ proxy, keepAlive: false, timeout: PROXY_TIMEOUT_MS });
}
