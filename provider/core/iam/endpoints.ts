import type { Context } from "../context";
import type { Call } from "../token/call";
import { OptionError, ServiceError } from "../words/errors";
import { option, type OptionRef, say, type Text } from "../words/message";
import { parseJson } from "./reply";

/** One closed world of Yandex Cloud: credentials of one are unknown to another (iam-facts, section 10). */
export interface Installation {
  readonly api: string;
  readonly iam: string;
  /** Where OIDC tokens are exchanged; unknown for Kazakhstan. */
  readonly auth?: string;
}

/** The public installations by name. */
export const INSTALLATIONS: Readonly<Record<"ru" | "kz", Installation>> = {
  ru: {
    api: "https://api.cloud.yandex.net",
    iam: "https://iam.api.cloud.yandex.net",
    auth: "https://auth.yandex.cloud",
  },
  kz: { api: "https://api.yandexcloud.kz", iam: "https://iam.api.yandexcloud.kz" },
};

/** What the user said about where IAM is. */
export interface EndpointOptions {
  readonly installation?: string;
  readonly endpoint?: string;
  readonly iamEndpoint?: string;
  readonly authEndpoint?: string;
  readonly audience?: string;
}

/** Where IAM is, worked out on first use: discovery is one request, and only for an endpoint of one's own. */
export interface Endpoints {
  /** Root of the IAM API, without a slash at the end. */
  readonly iam: (call: Call) => Promise<string>;
  /** Root of the OIDC exchange. */
  readonly auth: () => string;
  /** `aud` of assertions. */
  readonly audience: (call: Call) => Promise<string>;
  /** The same for equal options: part of a cache key. */
  readonly identity: string;
  readonly installation: "ru" | "kz" | "own";
  /** Root of the installation's API, without a slash at the end. */
  readonly api: string;
}

/**
 * Works out the endpoints from the options; asks nothing of the network yet.
 * @param source names where an option came from, in errors
 * @throws OptionError for what is not a URL, or plain http to a host that is not loopback
 */
export function resolveEndpoints(
  options: EndpointOptions,
  context: Context,
  retries: number,
  source: (name: keyof EndpointOptions) => Text | OptionRef = option,
): Endpoints {
  const root = (name: keyof EndpointOptions) => readRoot(options[name], name, source(name));
  const iam = root("iamEndpoint");
  const auth = root("authEndpoint");
  const own = root("endpoint");
  const named = ownInstallation(options.installation, own);
  const known = named === "own" ? undefined : INSTALLATIONS[named];
  const discover = (call: Call) => discoverIam(own as string, context, call, retries);
  return {
    iam: async (call) =>
      iam ?? (own === undefined || known?.api === own ? known?.iam : undefined) ?? discover(call),
    auth: () => auth ?? known?.auth ?? missingAuth(),
    // Not the address in iamEndpoint: that may be a tunnel, and IAM checks for the name it goes by itself.
    audience: async (call) => options.audience ?? `${known?.iam ?? (await discover(call))}/iam/v1/tokens`,
    identity: [named, own, iam, auth, options.audience].map((part) => part ?? "").join(" "),
    installation: named,
    api: own ?? INSTALLATIONS[named === "kz" ? "kz" : "ru"].api,
  };
}

function ownInstallation(name: string | undefined, own: string | undefined): "ru" | "kz" | "own" {
  if (name === "ru" || name === "kz") return name;
  if (own === undefined || own === INSTALLATIONS.ru.api) return "ru";
  return own === INSTALLATIONS.kz.api ? "kz" : "own";
}

function missingAuth(): never {
  throw new OptionError(
    say`no address is known for exchanging OIDC tokens in this installation: set ${option("authEndpoint")}.`,
    "authEndpoint",
  );
}

/** Root URL without a slash at the end; `host[:port]` means https, as Yandex's own tools write it. */
function readRoot(text: string | undefined, path: string, name: Text | OptionRef): string | undefined {
  if (text === undefined) return undefined;
  const withScheme = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) {
    throw new OptionError(say`${name} is not a URL. Write it like https://iam.api.cloud.yandex.net.`, path);
  }
  const url = new URL(withScheme);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new OptionError(say`${name} must be a bare URL: no user, query or fragment.`, path);
  }
  if (isSafeForCredentials(url)) return url.href.replace(/\/+$/, "");
  throw new OptionError(
    say`${name} must use https: credentials go there. Plain http is for loopback addresses only.`,
    path,
  );
}

/** Whether a credential may be sent there: over TLS, or not leaving this machine. */
export function isSafeForCredentials(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/** Whether the host name of a URL can only mean this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

async function discoverIam(root: string, context: Context, call: Call, retries: number): Promise<string> {
  const cache = context.memory.recall("endpoints", root, () => ({ iam: undefined as string | undefined }));
  cache.iam ??= await askIam(root, context, call, retries);
  return cache.iam;
}

async function askIam(root: string, context: Context, call: Call, retries: number): Promise<string> {
  const url = `${root}/endpoints`;
  const reply = await context.http({
    method: "GET",
    url,
    signal: call.signal,
    timeoutMs: call.remaining(),
    retries,
  });
  const body = parseJson(reply, "the endpoint list") as { endpoints?: { id?: unknown; address?: unknown }[] };
  const entry = Array.isArray(body.endpoints) ? body.endpoints.find((item) => item?.id === "iam") : undefined;
  if (typeof entry?.address !== "string") {
    throw new ServiceError(
      say`${url} lists no endpoint with id iam. Set ${option("iamEndpoint")} and ${option("audience")} instead.`,
      "reply",
    );
  }
  const name = `the address of IAM in the list of ${url}`;
  return readRoot(entry.address, "endpoint", name) as string;
}
