import { readRootUrl } from "../options/urls";
import { OptionError } from "../words/errors";
import { option, say, type Text } from "../words/message";

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

/** Where IAM creates tokens; with its root it is the audience that IAM expects, too (iam-facts 1.1, 2.3). */
export const TOKENS_PATH = "/iam/v1/tokens";

/** What the user said about where IAM is. */
export interface EndpointOptions {
  readonly installation?: string;
  readonly endpoint?: string;
  readonly iamEndpoint?: string;
  readonly authEndpoint?: string;
  readonly audience?: string;
}

/** The options that are roots of services. */
const ROOTS = ["endpoint", "iamEndpoint", "authEndpoint"] as const;

/** Where IAM is, as far as the options tell. Roots have no slash at the end. */
export interface Endpoints {
  readonly installation: "ru" | "kz" | "own";
  /** Root of the installation's API. */
  readonly api: string;
  /** Root of IAM; absent where the API root has to be asked for it. */
  readonly iam: string | undefined;
  /** `aud` of assertions; absent where it follows from the address that the API root lists. */
  readonly audience: string | undefined;
  /** Root of the OIDC exchange, where it is known. */
  readonly auth: string | undefined;
  /** The same for equal options: part of a cache key. */
  readonly identity: string;
}

/**
 * Works out the endpoints from the options.
 * @param source names where an option came from, in errors
 * @throws OptionError for what is not a URL, for plain http to a host that is not loopback, and for an endpoint of
 * another installation than the one that is named
 */
export function resolveEndpoints(
  options: EndpointOptions,
  source: (name: keyof EndpointOptions) => Text = option,
): Endpoints {
  const roots: Partial<Record<(typeof ROOTS)[number], string>> = {};
  for (const name of ROOTS) {
    const text = options[name];
    if (text !== undefined) roots[name] = readRootUrl(text, () => source(name), name);
  }
  const { endpoint: own, iamEndpoint: iam, authEndpoint: auth } = roots;
  const installation = findInstallation(options.installation, own);
  const known = installation === "own" ? undefined : INSTALLATIONS[installation];
  const other = installation === "own" ? undefined : INSTALLATIONS[installation === "ru" ? "kz" : "ru"];
  for (const [name, asked] of Object.entries(roots))
    if (Object.values(other ?? {}).includes(asked)) throw contradiction(name, installation, source);
  const isListed = own !== undefined && own !== known?.api;
  return {
    installation,
    api: own ?? INSTALLATIONS[installation === "kz" ? "kz" : "ru"].api,
    iam: iam ?? (isListed ? undefined : known?.iam),
    // Not the address in iamEndpoint: that may be a tunnel, and IAM checks for the name it goes by itself.
    audience: options.audience ?? (known === undefined ? undefined : `${known.iam}${TOKENS_PATH}`),
    auth: auth ?? known?.auth,
    identity: JSON.stringify([installation, own, iam, auth, options.audience]),
  };
}

function findInstallation(name: string | undefined, own: string | undefined): Endpoints["installation"] {
  if (name === "ru" || name === "kz") return name;
  if (own === undefined || own === INSTALLATIONS.ru.api) return "ru";
  return own === INSTALLATIONS.kz.api ? "kz" : "own";
}

function contradiction(
  name: string,
  installation: string,
  source: (name: keyof EndpointOptions) => Text,
): OptionError {
  const other = installation === "ru" ? "kz" : "ru";
  return new OptionError(
    say`${source(name as keyof EndpointOptions)} is an address of the installation ${other}, but the installation in use is ${installation}: a credential of one is unknown to the other. Set ${option("installation")} to ${other}, or leave the address out.`,
    name,
  );
}
