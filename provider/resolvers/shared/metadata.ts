import type { Call } from "../../core/call";
import type { Context, HttpReply } from "../../core/context";
import { OptionError, ServiceError } from "../../core/errors";
import type { Iam } from "../../core/exchange";
import { option, type OptionRef, say, type Text } from "../../core/message";
import { Gate } from "../../core/pace";
import { parseJson, readReplyToken, replyError } from "../../core/reply";
import { isUnavailable, type TokenSource, unavailable, type Unavailable } from "../../core/resolver";
import { type IamToken, MAX_TOKEN_LIFE_MS } from "../../core/token";

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts/";
const FLAVOR = { "Metadata-Flavor": "Google" };
/** In a chain the service is probed cheaply: off a VM the address leads nowhere. Milliseconds. */
const PROBE_MS = 500;
/** The service answers about 60 requests a second of a whole VM (iam-facts 5.2): this process takes a part of that. */
const PACE_MS = 100;
const REMEDY = say`run where a service account is attached, or set ${option("instanceMetadata.address")} or YC_METADATA_ADDR`;

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
 * The address where no option gives one.
 * @throws OptionError for a variable that holds no address
 */
export function metadataAddress({ env }: Context): string {
  const text = (env["YC_METADATA_ADDR"] ?? "").trim();
  return text === "" ? METADATA_ADDRESS : readMetadataAddress(text, "YC_METADATA_ADDR");
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

/**
 * The token source of the metadata service; with `dryRun` it is asked first whether an account is attached.
 * @param address `host[:port]`
 */
export async function metadataSource(
  input: MetadataInput,
  address: string,
): Promise<TokenSource | Unavailable> {
  const problem = input.dryRun ? await probe(input, address) : undefined;
  return problem ?? { id: `instanceMetadata ${address}`, token: (call) => askToken(input, address, call) };
}

async function probe(input: MetadataInput, address: string): Promise<Unavailable | undefined> {
  try {
    const reply = await get(input, address, ACCOUNTS, input.call);
    if (!isTrusted(reply)) return untrusted(address);
    return reply.body.reveal().trim() === "" ? noAccount() : undefined;
  } catch (error) {
    return asUnavailable(error, input, address);
  }
}

async function askToken(input: MetadataInput, address: string, call: Call): Promise<IamToken | Unavailable> {
  const path = `${ACCOUNTS}default/token`;
  const reply = await get(input, address, path, call).catch((error: unknown) =>
    asUnavailable(error, input, address),
  );
  if (isUnavailable(reply)) return reply;
  if (!isTrusted(reply)) return untrusted(address);
  const token = readToken(input, reply);
  // Google Cloud has the same service, with the same header, for tokens of its own.
  return token.token.reveal().startsWith("ya29.") ? untrusted(address) : token;
}

function get(input: MetadataInput, address: string, path: string, call: Call): Promise<HttpReply> {
  const { context, only, iam } = input;
  const gate = context.memory.recall("metadata", address, () => new Gate<HttpReply>(PACE_MS));
  return gate.pass(`${path} ${only}`, call, (shared) =>
    context.http({
      method: "GET",
      url: `http://${address}${path}`,
      headers: FLAVOR,
      signal: shared.signal,
      direct: true,
      ...(only
        ? { timeoutMs: shared.remaining(), retries: iam.retries }
        : { timeoutMs: Math.min(shared.remaining(), 4 * PROBE_MS), retries: 0, connectTimeoutMs: PROBE_MS }),
    }),
  );
}

function isTrusted(reply: HttpReply): boolean {
  return reply.headers["metadata-flavor"] === "Google";
}

function untrusted(address: string): Unavailable {
  return unavailable(
    `${address} answers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,
    REMEDY,
  );
}

function noAccount(): Unavailable {
  return unavailable("no service account is attached to this instance", "attach a service account to it");
}

/** The three ways in which the service does not help here, each with its own reason; anything else is thrown. */
function asUnavailable(error: unknown, input: MetadataInput, address: string): Unavailable {
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
      REMEDY,
    );
  }
  const absent = error.failure === "unreachable" || error.failure === "timeout";
  if (absent && !input.call.signal.aborted) return unavailable(`nothing answers at ${address}`, REMEDY);
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
