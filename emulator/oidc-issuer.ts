import { randomBytes } from "node:crypto";
import { createClock } from "./clock";
import { ApiError } from "./errors";
import { FaultQueue } from "./faults";
import { bearerOf, type Call, type Reply, type Route } from "./http";
import { openListener } from "./listener";
import { createListener } from "./pipeline";
import { type Counts, RequestLog, type RequestRecord } from "./request-log";
import type { Claims, KeySet } from "./jwt";
import { makeSigningKey } from "./signing-key";

/** Names of the issuer's routes. */
export type OidcRouteName = "discovery" | "jwks" | "idToken" | "notFound";

/** What {@link startOidcIssuer} takes. */
export interface OidcIssuerOptions {
  /** Default RS256. */
  readonly algorithm?: "RS256" | "ES256";
  /** Milliseconds since the epoch; default Date.now. */
  readonly now?: () => number;
  /** `sub` of the tokens that a GitHub job gets. */
  readonly actionsSubject?: string;
  /** `aud` of a GitHub job's token when it asks for none. */
  readonly actionsAudience?: string;
}

/** A running OIDC issuer with a real key: GitHub, GitLab or a Kubernetes cluster as the cloud sees them. */
export interface OidcIssuer {
  /** Its address, and the `iss` of its tokens. */
  readonly issuer: string;
  readonly jwks: KeySet;
  /** What a GitHub Actions job with `id-token: write` has in its environment. */
  readonly actionsEnv: Readonly<
    Record<"ACTIONS_ID_TOKEN_REQUEST_URL" | "ACTIONS_ID_TOKEN_REQUEST_TOKEN", string>
  >;
  readonly faults: FaultQueue<OidcRouteName>;
  readonly requests: readonly RequestRecord<OidcRouteName>[];
  readonly counts: Readonly<Counts<OidcRouteName>>;
  /** Signs a token. `iss`, `iat` (now) and `exp` (five minutes later) are filled in when absent; times in seconds. */
  sign(claims: Claims): Promise<string>;
  /** Stops listening and destroys every open connection. */
  close(): Promise<void>;
}

const ROUTE_NAMES = ["discovery", "jwks", "idToken", "notFound"] as const satisfies readonly OidcRouteName[];
const ID_TOKEN_PATH = "/actions/id-token";
const LIFETIME_SECONDS = 300;

/** Starts an issuer at 127.0.0.1. */
export async function startOidcIssuer(options: OidcIssuerOptions = {}): Promise<OidcIssuer> {
  const clock = createClock({ clockOffsetMs: 0 }, options.now);
  const log = new RequestLog<OidcRouteName>(ROUTE_NAMES);
  const faults = new FaultQueue<OidcRouteName>();
  const key = await makeSigningKey(options.algorithm ?? "RS256");
  const { jwks } = key;
  const routes: Route<OidcRouteName>[] = [];
  const listener = await openListener(
    { host: "127.0.0.1", port: 0 },
    createListener({ routes, fallback: "notFound", log, faults, clock, recordBodies: () => false }),
  );
  const issuer = listener.url;
  const sign = (claims: Claims): Promise<string> => {
    const iat = Math.floor(clock.now() / 1000);
    return key.sign({ iss: issuer, iat, exp: iat + LIFETIME_SECONDS, ...claims });
  };
  const requestToken = randomBytes(24).toString("base64url");
  routes.push(...publicRoutes(issuer, jwks), actionsRoute(options, requestToken, sign));
  const actionsEnv = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}${ID_TOKEN_PATH}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
  };
  const observed = { faults, requests: log.requests, counts: log.counts };
  return { issuer, jwks, actionsEnv, ...observed, sign, close: () => listener.close() };
}

function publicRoutes(issuer: string, jwks: KeySet): Route<OidcRouteName>[] {
  const configuration = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [jwks.keys[0]?.alg],
  };
  const get = (name: OidcRouteName, path: string, body: object): Route<OidcRouteName> => {
    return { name, method: "GET", path, handle: () => ({ status: 200, body }) };
  };
  return [
    get("discovery", "/.well-known/openid-configuration", configuration),
    get("jwks", "/.well-known/jwks", jwks),
  ];
}

function actionsRoute(
  options: OidcIssuerOptions,
  requestToken: string,
  sign: (claims: Claims) => Promise<string>,
): Route<OidcRouteName> {
  const {
    actionsSubject = "repo:octo/demo:ref:refs/heads/main",
    actionsAudience = "https://github.com/octo",
  } = options;
  const handle = async (call: Call): Promise<Reply> => {
    if (bearerOf(call.headers) !== requestToken) throw new ApiError(16, "The request token is invalid");
    const aud = call.query.get("audience") ?? actionsAudience;
    return { status: 200, body: { value: await sign({ sub: actionsSubject, aud }) } };
  };
  return { name: "idToken", method: "GET", path: ID_TOKEN_PATH, handle };
}
