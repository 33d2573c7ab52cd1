import type { Call } from "../token/call";
import type { ServerClock } from "../token/clock";
import type { Context, HttpReply, RequestValue } from "../context";
import { formatDuration } from "../options/duration";
import type { Endpoints } from "./endpoints";
import { CredentialError, ServiceError } from "../words/errors";
import { ASSERTION_LIFE_MS, signAssertion } from "./assertion";
import { option, say, type Text } from "../words/message";
import { parseJson, readReplyToken, replyError } from "./reply";
import { Secret } from "../words/secret";
import type { ServiceAccountKey } from "./keys";
import { type IamToken, MAX_TOKEN_LIFE_MS } from "../token/token";
import { readExpiry } from "../token/expiry";

/** Everything that is asked of IAM itself. */
export interface Iam {
  /** Signs an assertion with the key and exchanges it; a wrong host clock is corrected from IAM's `Date`. */
  exchangeKey(key: ServiceAccountKey, call: Call): Promise<IamToken>;
  /** Exchanges a Yandex account's OAuth token. */
  exchangeOauthToken(oauthToken: Secret, call: Call): Promise<IamToken>;
  /** Exchanges an external OIDC token for a service account's (RFC 8693). */
  exchangeSubjectToken(subjectToken: Secret, serviceAccountId: string, call: Call): Promise<IamToken>;
  /** A token of another service account, asked for with one's own token. */
  impersonate(token: Secret, serviceAccountId: string, call: Call): Promise<IamToken>;
  /** Makes a token useless for all who hold it; returns whose it was. */
  revoke(token: Secret, call: Call): Promise<string | undefined>;
  readonly clock: ServerClock;
  readonly endpoints: Endpoints;
  /** Attempts after the first, for each request. */
  readonly retries: number;
}

/** What the client of IAM is made of. */
export interface IamParts {
  readonly context: Context;
  readonly endpoints: Endpoints;
  readonly clock: ServerClock;
  /** Attempts after the first, for each request. */
  readonly retries: number;
}

/** The client of IAM's token service (iam-facts, sections 1 and 7). */
export function createIam(parts: IamParts): Iam {
  const { endpoints, clock, retries } = parts;
  return {
    retries,
    clock,
    endpoints,
    exchangeKey: (key, call) => exchangeKey(parts, key, call),
    exchangeOauthToken: async (oauthToken, call) =>
      readToken(parts, await post(parts, call, "/iam/v1/tokens", { yandexPassportOauthToken: oauthToken })),
    exchangeSubjectToken: (subjectToken, serviceAccountId, call) =>
      exchangeSubjectToken(parts, subjectToken, serviceAccountId, call),
    impersonate: (token, serviceAccountId, call) => impersonate(parts, token, serviceAccountId, call),
    revoke: async (token, call) => {
      const reply = await post(parts, call, "/iam/v1/tokens:revoke", { iamToken: token }, token);
      const { subjectId } = parseJson(reply, "IAM's reply");
      return typeof subjectId === "string" ? subjectId : undefined;
    },
  };
}

async function exchangeKey(parts: IamParts, key: ServiceAccountKey, call: Call): Promise<IamToken> {
  const audience = await parts.endpoints.audience(call);
  const { clock } = parts;
  let signedAt = 0;
  const attempt = async () => {
    signedAt = clock.now();
    const jwt = await signAssertion(key, audience, signedAt);
    return readToken(parts, await post(parts, call, "/iam/v1/tokens", { jwt }));
  };
  const token = await attempt().catch((error: unknown) => {
    if (!isRefusal(error) || !isOfTime(parts, error, signedAt)) throw error;
    return attempt();
  });
  return { ...token, subjectId: key.subjectId };
}

/** Whether a refusal has to do with time, and a new assertion may do: a wrong clock, or a machine that slept. */
function isOfTime({ clock, context }: IamParts, { reply }: Refused, signedAt: number): boolean {
  if (!clock.observe(reply.serverTime)) return clock.now() >= signedAt + ASSERTION_LIFE_MS;
  const { offsetMs } = clock;
  const wrong = `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "slow" : "fast"}`;
  // None is left where it was set right by now.
  if (offsetMs !== 0) context.log.warn(`this host's clock is ${wrong}; going by IAM's`);
  return true;
}

async function exchangeSubjectToken(
  parts: IamParts,
  subjectToken: Secret,
  audience: string,
  call: Call,
): Promise<IamToken> {
  const form = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience,
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  };
  const url = `${parts.endpoints.auth()}/oauth/token`;
  const reply = await send(parts, call, { url, form });
  const what = "the reply to the token exchange";
  const body = parseJson(reply, what);
  const token = readReplyToken(body, "access_token", reply, what);
  const life = body.expires_in;
  const issuedAt = parts.clock.now();
  const lifeMs = typeof life === "number" && life > 0 ? Math.min(life * 1000, MAX_TOKEN_LIFE_MS) : undefined;
  return {
    token,
    issuedAt,
    subjectId: audience,
    // Counted from when it was said, not from when all of it had arrived.
    ...(lifeMs === undefined ? {} : { expiresAt: issuedAt - (reply.ageMs ?? 0) + lifeMs }),
  };
}

async function impersonate(
  parts: IamParts,
  token: Secret,
  serviceAccountId: string,
  call: Call,
): Promise<IamToken> {
  const reply = await post(
    parts,
    call,
    "/iam/v1/tokens:createForServiceAccount",
    { serviceAccountId },
    token,
  ).catch((error: unknown) => {
    if (!(error instanceof CredentialError)) throw error;
    throw new CredentialError(
      say`cannot impersonate the service account of ${option("impersonate.serviceAccountId")}: ${error.text} The caller needs the role iam.serviceAccounts.tokenCreator on that account or its folder.`,
      "impersonate.serviceAccountId",
      error.reply,
    );
  });
  return { ...readToken(parts, reply), subjectId: serviceAccountId };
}

type Body = Readonly<Record<string, RequestValue>>;

async function post(
  parts: IamParts,
  call: Call,
  path: string,
  json: Body,
  bearer?: Secret,
): Promise<HttpReply> {
  const url = `${await parts.endpoints.iam(call)}${path}`;
  const headers: Body =
    bearer === undefined ? {} : { authorization: new Secret(`Bearer ${bearer.reveal()}`) };
  return send(parts, call, { url, json, headers });
}

async function send(
  parts: IamParts,
  call: Call,
  request: { url: string; json?: Body; form?: Body; headers?: Body },
): Promise<HttpReply> {
  const reply = await parts.context
    .http({
      method: "POST",
      ...request,
      signal: call.signal,
      timeoutMs: call.remaining(),
      retries: parts.retries,
    })
    .catch((error: unknown) => {
      throw isRefusal(error) ? refusal(error) : error;
    });
  parts.clock.observe(reply.serverTime, reply.ageMs);
  return reply;
}

type Refused = ServiceError | CredentialError;

function isRefusal(error: unknown): error is Refused {
  if (!(error instanceof ServiceError || error instanceof CredentialError)) return false;
  return [400, 401, 403, 404].includes(error.reply.status ?? 0);
}

function refusal(error: ServiceError | CredentialError): CredentialError {
  return new CredentialError(
    say`${error.text}${hint(error.reply.serviceMessage ?? "")}`,
    undefined,
    error.reply,
  );
}

const REPLACEMENTS = say`${option("serviceAccountKey")}, ${option("workloadIdentity")} or ${option("ycCli")}`;

/** What a known refusal means, for the person who must act. The texts are IAM's own (iam-facts 1.5). */
function hint(message: string): Text {
  if (/issued after '[^']*',? is not supported/.test(message)) {
    return say` Yandex Cloud refuses OAuth tokens made since 1 June 2026. Use ${REPLACEMENTS} instead.`;
  }
  if (/OAuth token is invalid or expired/.test(message)) {
    return say` OAuth tokens live 12 months, and none made since 1 June 2026 is taken. Use ${REPLACEMENTS} instead.`;
  }
  if (/does not registered/.test(message))
    return " This Yandex account never signed in to Yandex Cloud: open the console once.";
  return "";
}

function readToken(parts: IamParts, reply: HttpReply): IamToken {
  const what = "IAM's reply";
  const body = parseJson(reply, what);
  const token = readReplyToken(body, "iamToken", reply, what);
  const issuedAt = parts.clock.now();
  const expiresAt = readExpiry(body.expiresAt, issuedAt);
  if (typeof expiresAt === "string") throw replyError(reply, what, expiresAt);
  return { token, issuedAt, expiresAt };
}
