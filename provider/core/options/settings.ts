import { OptionError } from "../words/errors";
import { say } from "../words/message";
import type { OptionSpecs, OptionTypes } from "./options";
import { readOptions, type ReadOptions } from "./read";

/** The options that belong to no resolver: one row each, from which schemas, flags and documentation are made. */
export const SETTINGS = {
  resolvers: {
    kind: "stringList",
    env: ["YCIAM_RESOLVERS"],
    doc: "Names of the resolvers to try, in this order; a single name is a choice that must answer.",
  },
  resolverModules: {
    kind: "stringList",
    env: ["YCIAM_RESOLVER_MODULES"],
    doc: "Modules with resolvers of your own, by path or package name; each is loaded only when it is named here. They come last in the default chain.",
  },
  minRemainingValidity: {
    kind: "duration",
    env: ["YCIAM_MIN_REMAINING_VALIDITY"],
    default: "10m",
    doc: "The token must still live this long when it is handed out; less than 12h.",
  },
  refreshAfter: {
    kind: "duration",
    env: ["YCIAM_REFRESH_AFTER"],
    default: "1h",
    doc: "A cached token older than this is renewed when possible.",
  },
  cache: {
    kind: "enum",
    env: ["YCIAM_CACHE"],
    values: ["disk", "memory", "none"],
    default: "disk",
    doc: "Where tokens are kept between calls; entries on disk are encrypted under a key made from the credential.",
  },
  installation: {
    kind: "enum",
    env: ["YCIAM_INSTALLATION"],
    values: ["ru", "kz"],
    default: "ru",
    doc: "The Yandex Cloud installation that the credential belongs to.",
  },
  endpoint: {
    kind: "url",
    env: ["YC_ENDPOINT"],
    doc: "API root of an installation of one's own; IAM's address is asked of its /endpoints.",
  },
  iamEndpoint: {
    kind: "url",
    env: ["YCIAM_IAM_ENDPOINT"],
    doc: "Address of IAM, in place of the installation's. It does not change the audience.",
  },
  authEndpoint: {
    kind: "url",
    env: ["YCIAM_AUTH_ENDPOINT"],
    doc: "Address where OIDC tokens are exchanged, in place of the installation's.",
  },
  audience: {
    kind: "string",
    env: ["YCIAM_AUDIENCE"],
    doc: "Audience of the assertions that are signed, in place of the installation's.",
  },
  caFile: {
    kind: "path",
    env: ["YCIAM_CA_FILE"],
    doc: "File with certificates (PEM) of authorities to trust beside the usual ones; `~` is the home folder.",
  },
  timeout: {
    kind: "duration",
    env: ["YCIAM_TIMEOUT"],
    default: "30s",
    doc: "The whole time allowed for getting a token, retries included.",
  },
  retries: {
    kind: "integer",
    env: ["YCIAM_RETRIES"],
    default: "4",
    range: [0, 20],
    doc: "Attempts after the first, for each request.",
  },
} as const satisfies OptionSpecs;

/** One more step after any resolver. */
export const IMPERSONATE = {
  serviceAccountId: {
    kind: "string",
    env: ["YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID"],
    doc: "Id of the service account whose token is handed out; the caller needs iam.serviceAccounts.tokenCreator on it.",
  },
} as const satisfies OptionSpecs;

/** Options that are given together, as one object; a resolver is one too. */
export interface OptionGroup {
  readonly name: string;
  /** One sentence: what it is for. */
  readonly summary: string;
  readonly options: OptionSpecs;
}

/** The group beside the resolvers' own. */
export const IMPERSONATE_GROUP: OptionGroup = {
  name: "impersonate",
  summary: "One more step after any resolver: the token of another service account is handed out.",
  options: IMPERSONATE,
};

/** No token of Yandex Cloud lives longer (iam-facts 9), and no key that was made with one. Milliseconds. */
export const MAX_LIFE_MS = 12 * 3_600_000;

/** Settings that nobody gave, by their documented defaults. */
export const DEFAULTS = readOptions("", SETTINGS, defaultsOf(SETTINGS), {}).values as Defaults;

/** What has a default is always there. Durations are milliseconds. */
type Defaults = {
  readonly [K in keyof Rows as Rows[K] extends { default: string } ? K : never]: OptionTypes[Rows[K]["kind"]];
};

type Rows = typeof SETTINGS;

function defaultsOf(specs: OptionSpecs): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
}

/**
 * Checks what depends on more than one value's form.
 * @throws OptionError
 */
export function checkSettings({ values, source }: ReadOptions<typeof SETTINGS>): void {
  if ((values.minRemainingValidity ?? 0) >= MAX_LIFE_MS) {
    throw new OptionError(
      say`${source("minRemainingValidity")} is 12h or more. Yandex Cloud lets a token live 12h at most, so none would ever do. Ask for less.`,
      "minRemainingValidity",
    );
  }
  if (values.timeout === 0) {
    throw new OptionError(
      say`${source("timeout")} is zero: nothing can be asked in no time. Leave it out, or give it some seconds.`,
      "timeout",
    );
  }
}
