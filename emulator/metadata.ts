import { type Clock } from "./clock";
import { type Call, type Reply, type Route } from "./http";
import { type TokenStore } from "./token-store";

/** The machine that the metadata service speaks for; may be changed while the emulator runs. */
export interface MetadataSettings {
  /** The attached account; undefined for a machine without one (404). */
  serviceAccountId: string | undefined;
  /** False when the option `gce_http_token` is disabled (400). */
  tokenEnabled: boolean;
  /** False to withhold `Metadata-Flavor: Google` from the answers, as something that is no metadata service would. */
  sendFlavor: boolean;
  /** Requests allowed in any one second of emulator time; more get 429. */
  rateLimitPerSecond: number;
}

/** Names of these routes. */
export type MetadataRouteName = "metadata" | "metadataAccounts";

/** A machine with everything as usual; the account is attached when the emulator starts. */
export const DEFAULT_METADATA: Readonly<MetadataSettings> = {
  serviceAccountId: undefined,
  tokenEnabled: true,
  sendFlavor: true,
  rateLimitPerSecond: 60,
};

const ACCOUNTS_PATH = "/computeMetadata/v1/instance/service-accounts/";
/** The service never hands out a token with less than a quarter of an hour to live. */
const FLOOR_MS = 900_000;

/** The instance metadata service: the token of the attached account, and the list of accounts. */
export function metadataRoutes(
  settings: MetadataSettings,
  tokens: TokenStore,
  clock: Clock,
): Route<MetadataRouteName>[] {
  const withinRate = createRateLimit(settings, clock);
  const guarded = (answer: (call: Call) => Reply) => (call: Call) => {
    const reply = withinRate() ? (refusal(call) ?? answer(call)) : text(429, "Too many requests");
    return settings.sendFlavor ? { ...reply, headers: { "metadata-flavor": "Google" } } : reply;
  };
  const method = "GET";
  return [
    {
      name: "metadata",
      method,
      path: `${ACCOUNTS_PATH}default/token`,
      handle: guarded((call) => tokenReply(settings, tokens, clock, call)),
    },
    {
      name: "metadataAccounts",
      method,
      path: ACCOUNTS_PATH,
      handle: guarded(() => text(200, settings.serviceAccountId === undefined ? "" : "default/")),
    },
  ];
}

function text(status: number, body: string): Reply {
  return { status, body };
}

/** Unconfirmed: without the header Google's own service answers 403, and nobody has published what this one does. */
function refusal(call: Call): Reply | undefined {
  return call.headers["metadata-flavor"] === "Google"
    ? undefined
    : text(403, "Missing Metadata-Flavor header");
}

/** The texts of 400 and 404 are unconfirmed; the statuses are documented. */
function tokenReply(settings: MetadataSettings, tokens: TokenStore, clock: Clock, call: Call): Reply {
  if (!settings.tokenEnabled) return text(400, "Token is disabled by the instance's metadata options");
  if (settings.serviceAccountId === undefined)
    return text(404, "No service account is attached to the instance");
  const token = tokens.issue(settings.serviceAccountId, {
    shortLifeMs: call.fault?.shortLifeMs,
    reuseWhileMs: FLOOR_MS,
  });
  const expiresIn = Math.floor((token.expiresAt - clock.now()) / 1000);
  return { status: 200, body: { access_token: token.token, expires_in: expiresIn, token_type: "Bearer" } };
}

function createRateLimit(settings: MetadataSettings, clock: Clock): () => boolean {
  const times: number[] = [];
  return () => {
    const now = clock.now();
    // A clock set back would otherwise leave entries that never age.
    while (times[0] !== undefined && (times[0] <= now - 1000 || times[0] > now)) times.shift();
    if (times.length >= settings.rateLimitPerSecond) return false;
    times.push(now);
    return true;
  };
}
