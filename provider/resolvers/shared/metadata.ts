import { type Unavailable, unavailable } from "../../core/chain/resolver";
import type { Context, HttpReply } from "../../core/context";
import { type Iam, readTimedToken } from "../../core/iam/iam";
import type { Call } from "../../core/token/call";
import type { ServerClock } from "../../core/token/clock";
import { MetadataMemory } from "../../core/token/session";
import type { TokenSource } from "../../core/token/source";
import { steadyNow } from "../../core/token/clock";
import type { IamToken } from "../../core/token/token";
import { OptionError, ServiceError } from "../../core/words/errors";
import { say, type Text } from "../../core/words/message";

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts/";
const FLAVOR = { "Metadata-Flavor": "Google" };
/** In a chain the service is probed cheaply: off a VM the address leads nowhere. Milliseconds. */
const PROBE_MS = 500;
/** That there is no token is believed for so long, or each of many calls would wait for a probe. Milliseconds. */
const ABSENCE_MS = 5000;

const VARIABLE = "YC_METADATA_ADDR";

/** Where every VM, container and function of Yandex Cloud finds its metadata service. */
export const METADATA_ADDRESS = "169.254.169.254";

/**
 * An address as it can be asked: `host[:port]`.
 * @throws OptionError naming `from` for anything else
 */
export function readMetadataAddress(text: string, from: Text): string {
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

/**
 * The token source of the metadata service, or why it is none here. The first request of a process finds that out: what
 * accepts no connection is absent, and what does not answer as this service is another one. Anything else is an error,
 * since the next resolver would be another identity.
 */
export async function metadataSource(
  input: MetadataInput,
  service: Service,
): Promise<TokenSource | Unavailable> {
  const { context, call, only, dryRun } = input;
  const { session, monotonic = steadyNow } = context;
  const { metadata } = session;
  const memory = metadata.get(service.address) ?? metadata.add(service.address, new MetadataMemory());
  const id = `instanceMetadata ${service.address}`;
  const asking: Asking = { context, clock: input.iam.clock, service };
  if (memory.isThere && !dryRun) return { id, token: (later) => askAgain(asking, later) };
  const { absence } = memory;
  if (!only && absence !== undefined && monotonic() - absence.at < ABSENCE_MS)
    return unavailable(absence.reason, absence.remedy);
  const probe = only ? asking : { ...asking, connectTimeoutMs: PROBE_MS };
  const terms = only ? call : { ...call, retries: 0 };
  try {
    if (dryRun) await askAccounts(probe, terms);
    const first = dryRun ? undefined : await memory.flight.join(terms, (shared) => askToken(probe, shared));
    memory.isThere = true;
    return { id, token: firstly(first, (later) => askAgain(asking, later)) };
  } catch (error) {
    // It is there, though it gives no token now.
    if (error instanceof ServiceError && error.reply.isMetadata === true) memory.isThere = true;
    const answer = error instanceof NotHere ? error.answer : absenceOf(error, service);
    if (answer === undefined || call.signal.aborted) throw error;
    memory.absence = { ...answer, at: monotonic() };
    return answer;
  }
}

interface Asking {
  readonly context: Context;
  readonly clock: ServerClock;
  readonly service: Service;
  readonly connectTimeoutMs?: number;
}

/** Gives what the probe brought to whoever asks first. */
function firstly(
  first: IamToken | undefined,
  later: (call: Call) => Promise<IamToken>,
): (call: Call) => Promise<IamToken> {
  let kept = first;
  return async (call) => {
    const token = kept ?? (await later(call));
    kept = undefined;
    return token;
  };
}

/** Thrown inside here: what answers has no token for this instance, and will have none without a change. */
class NotHere extends Error {
  constructor(readonly answer: Unavailable) {
    super("no token of the metadata service");
  }
}

async function askAccounts(asking: Asking, call: Call): Promise<void> {
  const reply = await get(asking, ACCOUNTS, call);
  if (reply.body.reveal().trim() === "") throw new NotHere(noAccount());
}

async function askToken(asking: Asking, call: Call): Promise<IamToken> {
  const reply = await get(asking, `${ACCOUNTS}default/token`, call);
  const token = readTimedToken(reply, asking.clock, "the metadata service's reply");
  // Google Cloud has the same service, with the same header, for tokens of its own.
  if (token.token.reveal().startsWith("ya29.")) throw new NotHere(foreign(asking.service));
  return token;
}

/** The same where the service has answered before: whatever it says now, it is the credential. */
async function askAgain(asking: Asking, call: Call): Promise<IamToken> {
  try {
    return await askToken(asking, call);
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    const { reason, remedy: mend } = error.answer;
    throw new ServiceError(
      say`the credential that gave tokens so far gives none any more: ${reason}. To mend that: ${mend}.`,
      "reply",
    );
  }
}

async function get(
  { context, service, connectTimeoutMs }: Asking,
  path: string,
  call: Call,
): Promise<HttpReply> {
  const { signal, retries } = call;
  try {
    const reply = await context.http({
      method: "GET",
      url: `http://${service.address}${path}`,
      headers: FLAVOR,
      signal,
      timeoutMs: call.remaining(),
      retries,
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    });
    if (reply.headers["metadata-flavor"] === "Google") return reply;
  } catch (error) {
    throw refusalOf(error, service);
  }
  throw new NotHere(foreign(service));
}

/**
 * A refusal as the reason why there is no token here; anything else as it is. Whether the service sends its header with
 * 404 and 400 is not known (iam-facts 5.2); whatever else bears it is the service's own, and an error.
 */
function refusalOf(error: unknown, service: Service): unknown {
  if (!(error instanceof ServiceError)) return error;
  const { status = 0, isMetadata = false } = error.reply;
  if (status === 404) return new NotHere(noAccount());
  if (status === 400) return new NotHere(disabled());
  const isRefusal = status >= 300 && status < 500 && ![408, 429].includes(status);
  const isOther = !isMetadata && (error.failure === "reply" || isRefusal);
  return isOther ? new NotHere(foreign(service)) : error;
}

/** Nothing is there if no connection was made. One that broke, or that brought no answer in time, is an error. */
function absenceOf(error: unknown, service: Service): Unavailable | undefined {
  const isAbsent = error instanceof ServiceError && error.failure === "unreachable";
  return isAbsent ? unavailable(`nothing answers at ${service.address}`, remedy(service)) : undefined;
}

function foreign(service: Service): Unavailable {
  return unavailable(
    `${service.address} answers, but not as the metadata service of Yandex Cloud (no header Metadata-Flavor: Google, or another cloud's token)`,
    remedy(service),
  );
}

function remedy({ setting }: Service): Text {
  return say`run where a service account is attached, or set ${setting}`;
}

function noAccount(): Unavailable {
  return unavailable("no service account is attached to this instance", "attach a service account to it");
}

function disabled(): Unavailable {
  return unavailable(
    "the metadata service's token option is disabled for this instance (HTTP 400)",
    "enable gce_http_endpoint and gce_http_token in the instance's metadata options",
  );
}
