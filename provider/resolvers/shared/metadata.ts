import type { Call } from "../../core/token/call";
import type { Context, HttpReply } from "../../core/context";
import { OptionError, ServiceError } from "../../core/words/errors";
import type { Iam } from "../../core/iam/iam";
import { type OptionRef, say, type Text } from "../../core/words/message";
import { Gate } from "../../core/token/pace";
import { parseJson, readReplyToken, replyError } from "../../core/iam/reply";
import { isUnavailable, type TokenSource, unavailable, type Unavailable } from "../../core/chain/resolver";
import { type IamToken, MAX_TOKEN_LIFE_MS } from "../../core/token/token";

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts/";
const FLAVOR = { "Metadata-Flavor": "Google" };
/** In a chain the service is probed cheaply: off a VM the address leads nowhere. Milliseconds. */
const PROBE_MS = 500;
/** The service answers about 60 requests a second of a whole VM (iam-facts 5.2): this process takes a part of that. */
const PACE_MS = 100;

const VARIABLE = "YC_METADATA_ADDR";

/** Where every VM, container and function of Yandex Cloud finds its metadata service. */
export const METADATA_ADDRESS = "169.254.169.254";

/**
 * An address as it can be asked: `host[:port]`.
 * @throws OptionError naming `from` for anything else
 */
export function readMetadataAddress(text: string, from: Text | OptionRef): string {
  const url = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`) : undefined;
  const isBare = url?.pathname === "/" && url.username === "" && url.search === "" && url.hash === "";
  if (isBare && !text.includes("/")) return text;
  throw new OptionError(
    say`${from} is not an address: write host or host:port, without a scheme or path.`,
    "instanceMetadata.address",
  );
}

/**
 * The service where no option gives an address.
 * @throws OptionError for a variable that holds no address
 */
export function metadataOf({ env }: Context): Service {
  const text = (env[VARIABLE] ?? "").trim();
  const address = text === "" ? METADATA_ADDRESS : readMetadataAddress(text, VARIABLE);
  return { address, setting: VARIABLE };
}

/** What is needed of a resolver's input to ask the metadata service. */
export interface MetadataInput {
  readonly context: Context;
  readonly iam: Iam;
  /** The only candidate asks with all retries, one of a chain with a short probe. */
  readonly only: boolean;
  readonly dryRun: boolean;
  readonly call: Call;
}

/** Which metadata service is asked. */
export interface Service {
  /** `host[:port]`. */
  readonly address: string;
  /** What can be set for another address, in remedies. */
  readonly setting: Text;
}

/** The token source of the metadata service; with `dryRun` it is asked first whether an account is attached. */
export async function metadataSource(
  input: MetadataInput,
  service: Service,
): Promise<TokenSource | Unavailable> {
  const problem = input.dryRun ? await probe(input, service) : undefined;
  const id = `instanceMetadata ${service.address}`;
  return problem ?? { id, token: (call) => askToken(input, service, call) };
}

async function probe(input: MetadataInput, service: Service): Promise<Unavailable | undefined> {
  try {
    const reply = await get(input, service, ACCOUNTS, input.call);
    if (!isTrusted(reply)) return untrusted(service);
    return reply.body.reveal().trim() === "" ? noAccount() : undefined;
  } catch (error) {
    return asUnavailable(error, input, service);
  }
}

async function askToken(input: MetadataInput, service: Service, call: Call): Promise<IamToken | Unavailable> {
  const path = `${ACCOUNTS}default/token`;
  const reply = await get(input, service, path, call).catch((error: unknown) =>
    asUnavailable(error, input, service),
  );
  if (isUnavailable(reply)) return reply;
  if (!isTrusted(reply)) return untrusted(service);
  const token = readToken(input, reply);
  // Google Cloud has the same service, with the same header, for tokens of its own.
  return token.token.reveal().startsWith("ya29.") ? untrusted(service) : token;
}

function get(input: MetadataInput, { address }: Service, path: string, call: Call): Promise<HttpReply> {
  const { context, only, iam } = input;
  const gate = context.memory.recall("metadata", address, () => new Gate<HttpReply>(PACE_MS));
  return gate.pass(`${path} ${only}`, call, (shared) =>
    context.http({
      method: "GET",
      url: `http://${address}${path}`,
      headers: FLAVOR,
      signal: shared.signal,
      ...(only
        ? { timeoutMs: shared.remaining(), retries: iam.retries }
        : { timeoutMs: Math.min(shared.remaining(), 4 * PROBE_MS), retries: 0, connectTimeoutMs: PROBE_MS }),
    }),
  );
}

function isTrusted(reply: HttpReply): boolean {
  return reply.headers["metadata-flavor"] === "Google";
}

function untrusted({ address, setting }: Service): Unavailable {
  return unavailable(
    `${address} answers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,
    remedy(setting),
  );
}

function remedy(setting: Text): Text {
  return say`run where a service account is attached, or set ${setting}`;
}

function noAccount(): Unavailable {
  return unavailable("no service account is attached to this instance", "attach a service account to it");
}

/** The three ways in which the service does not help here, each with its own reason; anything else is thrown. */
function asUnavailable(error: unknown, input: MetadataInput, service: Service): Unavailable {
  const { address, setting } = service;
  if (!(error instanceof ServiceError)) throw error;
  if (error.reply.status === 404) return noAccount();
  if (error.reply.status === 400) {
    return unavailable(
      "the metadata service's token option is disabled for this instance (HTTP 400)",
      "enable gce_http_endpoint and gce_http_token in the instance's metadata options",
    );
  }
  if (error.reply.status !== undefined && error.reply.status < 500 && error.reply.status !== 429) {
    return unavailable(
      `${address} answers with HTTP ${error.reply.status}, so it is not the metadata service of Yandex Cloud`,
      remedy(setting),
    );
  }
  // More than 64 KiB.
  if (error.failure === "reply") {
    return unavailable(
      `${address} answers, but with what the metadata service of Yandex Cloud never sends`,
      remedy(setting),
    );
  }
  // A failure (5xx) without the flavor may be the service's own all the same: whether it sends it then is not known
  // (iam-facts 5.2), and another identity must not be used in its place.
  const absent = error.failure === "unreachable" || error.failure === "timeout";
  if (absent && !input.call.signal.aborted)
    return unavailable(`nothing answers at ${address}`, remedy(setting));
  throw error;
}

function readToken(input: MetadataInput, reply: HttpReply): IamToken {
  const what = "the metadata service's reply";
  const body = parseJson(reply, what);
  const token = readReplyToken(body, "access_token", reply, what);
  const life = body.expires_in;
  if (typeof life !== "number" || !(life > 0)) throw replyError(reply, what, "has no expires_in");
  input.iam.clock.observe(reply.serverTime, reply.ageMs);
  const issuedAt = input.iam.clock.now();
  return {
    token,
    issuedAt,
    expiresAt: issuedAt - (reply.ageMs ?? 0) + Math.min(life * 1000, MAX_TOKEN_LIFE_MS),
  };
}
