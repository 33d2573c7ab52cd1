import type { Context, HttpReply, RequestValue } from "../context";
import { formatDuration } from "../options/duration";
import { readRootUrl } from "../options/urls";
import type { Call } from "../token/call";
import type { ServerClock } from "../token/clock";
import { readExpiresAt, readExpiresIn } from "../token/life";
import type { IamToken } from "../token/token";
import { OptionError, ServiceError } from "../words/errors";
import { option, say } from "../words/message";
import { Secret } from "../words/secret";
import { ASSERTION_LIFE_MS, signAssertion } from "./assertion";
import { type Endpoints, TOKENS_PATH } from "./endpoints";
import type { ServiceAccountKey } from "./keys";
import { explainRefusal, isRefusal } from "./refusal";
import { parseJson, readReplyToken, replyError } from "./reply";

type Body = Readonly<Record<string, RequestValue>>;

/** The client of IAM's token service: everything that is asked of IAM itself (iam-facts, sections 1 and 7). */
export class Iam {
  constructor(
    private readonly context: Context,
    readonly endpoints: Endpoints,
    readonly clock: ServerClock,
  ) {}

  /** Signs an assertion with the key and exchanges it; a wrong host clock is corrected from IAM's `Date`. */
  async exchangeKey(key: ServiceAccountKey, call: Call): Promise<IamToken> {
    const audience = this.endpoints.audience ?? `${await this.#listedIam(call)}${TOKENS_PATH}`;
    for (let isSecond = false; ; isSecond = true) {
      const signedAt = this.clock.now();
      // Another thread signs. Meanwhile this one loads what the request takes.
      const loading = new Promise(setImmediate).then(this.context.loadHttp);
      const [jwt] = await Promise.all([signAssertion(key, audience, signedAt), loading]);
      try {
        const reply = await this.send(call, TOKENS_PATH, { json: { jwt } });
        return { ...this.#readToken(reply), subjectId: key.subjectId };
      } catch (error) {
        if (isSecond || !this.#isOfTime(error, signedAt)) throw error;
      }
    }
  }

  /** Exchanges a Yandex account's OAuth token. */
  async exchangeOauthToken(oauthToken: Secret, call: Call): Promise<IamToken> {
    const json = { yandexPassportOauthToken: oauthToken };
    return this.#readToken(await this.send(call, TOKENS_PATH, { json }));
  }

  /** Exchanges an external OIDC token for a service account's (RFC 8693). */
  async exchangeSubjectToken(subjectToken: Secret, serviceAccountId: string, call: Call): Promise<IamToken> {
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: serviceAccountId,
      subject_token: subjectToken,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    };
    const reply = await this.send(call, "/oauth/token", { form }, this.authRoot());
    return {
      ...readTimedToken(reply, this.clock, "the reply to the token exchange"),
      subjectId: serviceAccountId,
    };
  }

  /** A token of another service account, asked for with one's own token. */
  async impersonate(token: Secret, serviceAccountId: string, call: Call): Promise<IamToken> {
    const path = `${TOKENS_PATH}:createForServiceAccount`;
    const parts = { json: { serviceAccountId }, headers: bearer(token) };
    const reply = await this.send(call, path, parts);
    return { ...this.#readToken(reply), subjectId: serviceAccountId };
  }

  /** Makes a token useless for all who hold it; returns whose it was, if IAM says. */
  async revoke(token: Secret, call: Call): Promise<string | undefined> {
    const parts = { json: { iamToken: token }, headers: bearer(token) };
    const reply = await this.send(call, `${TOKENS_PATH}:revoke`, parts);
    const { subjectId } = parseJson(reply, "IAM's reply");
    this.clock.observe(reply.serverTime, reply.ageMs);
    return typeof subjectId === "string" ? subjectId : undefined;
  }

  /**
   * Root of the OIDC exchange.
   * @throws OptionError where none is known for the installation
   */
  authRoot(): string {
    if (this.endpoints.auth !== undefined) return this.endpoints.auth;
    throw new OptionError(
      say`no address is known for exchanging OIDC tokens in this installation: set ${option("authEndpoint")}.`,
      "authEndpoint",
    );
  }

  /**
   * Posts to IAM, or to another root, unless it is to be a GET. A refusal is an error of the credential.
   * @param path below the root, with a slash at its beginning
   * @throws CredentialError, ServiceError
   */
  async send(
    call: Call,
    path: string,
    parts: { method?: "GET"; json?: Body; form?: Body; headers?: Body },
    root = this.endpoints.iam,
  ): Promise<HttpReply> {
    const url = `${root ?? (await this.#listedIam(call))}${path}`;
    const { signal, retries } = call;
    try {
      const timeoutMs = call.remaining();
      return await this.context.http({ method: "POST", url, ...parts, signal, timeoutMs, retries });
    } catch (error) {
      throw explainRefusal(error);
    }
  }

  /** Whether a refusal has to do with time, and a new assertion may do: a wrong clock, or one that waited too long. */
  #isOfTime(error: unknown, signedAt: number): boolean {
    if (!isRefusal(error)) return false;
    const { clock, context } = this;
    if (!clock.observe(error.reply.serverTime)) return clock.now() >= signedAt + ASSERTION_LIFE_MS;
    const { offsetMs } = clock;
    const how = `${formatDuration(Math.abs(offsetMs))} ${offsetMs > 0 ? "slow" : "fast"}`;
    // A clock that was wrong and was set right by now needs no word.
    if (clock.isHostWrong) context.log.warn(`this host's clock is ${how}; going by IAM's`);
    return true;
  }

  /** The address of IAM in the list of an API root of one's own; asked once in a process. */
  async #listedIam({ signal, remaining, retries }: Call): Promise<string> {
    const { api } = this.endpoints;
    const { http, session } = this.context;
    const known = session.addresses.get(api);
    if (known !== undefined) return known;
    const url = `${api}/endpoints`;
    const reply = await http({ method: "GET", url, signal, timeoutMs: remaining(), retries });
    const { endpoints } = parseJson(reply, "the endpoint list") as { endpoints?: unknown };
    const list = Array.isArray(endpoints) ? (endpoints as { id?: unknown; address?: unknown }[]) : [];
    const address = list.find((item) => item?.id === "iam")?.address;
    if (typeof address !== "string") {
      throw new ServiceError(
        say`${url} lists no endpoint with id iam. Set ${option("iamEndpoint")} and ${option("audience")} instead.`,
        "reply",
      );
    }
    const root = readRootUrl(address, `the address of IAM in the list of ${url}`, "endpoint");
    session.addresses.set(api, root);
    return root;
  }

  #readToken(reply: HttpReply): IamToken {
    const what = "IAM's reply";
    const body = parseJson(reply, what);
    const token = readReplyToken(body, "iamToken", reply, what);
    // Only now: a page of somebody else's, with any date, must not set the clock.
    this.clock.observe(reply.serverTime, reply.ageMs);
    const issuedAt = this.clock.now();
    const expiresAt = readExpiresAt(body.expiresAt, issuedAt);
    if (typeof expiresAt === "string") throw replyError(reply, what, expiresAt);
    return { token, issuedAt, expiresAt };
  }
}

/** The header that presents a token. */
export function bearer(token: Secret): Body {
  return { authorization: new Secret(`Bearer ${token.reveal()}`) };
}

/**
 * The token of a reply with `access_token` and `expires_in`, which OIDC exchanges and metadata services give. The life is
 * counted from when it was said, not from when all of it had arrived.
 * @param what names the reply in errors
 * @throws ServiceError of kind `reply`
 */
export function readTimedToken(reply: HttpReply, clock: ServerClock, what: string): IamToken {
  const body = parseJson(reply, what);
  const token = readReplyToken(body, "access_token", reply, what);
  clock.observe(reply.serverTime, reply.ageMs);
  const issuedAt = clock.now();
  const expiresAt = readExpiresIn(body.expires_in, issuedAt - (reply.ageMs ?? 0));
  if (typeof expiresAt === "string") throw replyError(reply, what, expiresAt);
  return { token, issuedAt, expiresAt };
}
