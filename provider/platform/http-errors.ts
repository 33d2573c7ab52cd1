import type { HttpRequest } from "../core/context";
import { ServiceError, type ServiceReply } from "../core/words/errors";
import { tryParseObject } from "../core/words/json";
import { option, say, type Text } from "../core/words/message";
import { parseHttpDate } from "./http-date";
import { hideTokens, oneLine, redact, Secret } from "../core/words/secret";

/** As much of got's errors as is looked at; none of them is passed on, since they hold the request. */
export interface Failed {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly request?: { readonly retryCount?: number };
  readonly response?: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body?: unknown;
  };
}

/** The request in words: method, host and path; never the query, which may hold a secret. */
export function describe(request: HttpRequest): string {
  const { host, pathname } = new URL(request.url);
  return `${request.method} ${host}${pathname}`;
}

/** How a request ended. */
export interface Ending {
  /** Whether the time allowed was up. */
  readonly outOfTime: boolean;
  /** Milliseconds since the headers of the last reply came. */
  readonly ageMs: number;
}

/** A fresh error with what is safe to show, and nothing of got's. */
export function toServiceError(
  error: Failed,
  request: HttpRequest,
  { outOfTime, ageMs }: Ending,
): ServiceError {
  const { response } = error;
  const attempts = (error.request?.retryCount ?? 0) + 1;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  if (response !== undefined && response.statusCode >= 400)
    return statusError(tries, request, readReply(response, request, ageMs));
  if (outOfTime) {
    return new ServiceError(
      say`${describe(request)} did not end within the time allowed${tries}. ${SLOW}`,
      "timeout",
    );
  }
  if (error.name === "TimeoutError") {
    return new ServiceError(say`${describe(request)} did not answer in time${tries}. ${SLOW}`, "timeout");
  }
  const refused = proxyRefusal(error);
  if (refused !== undefined) return proxyError(refused, request, tries);
  const code = error.code ?? "unknown error";
  return new ServiceError(
    say`${describe(request)} failed${tries}: ${PROBLEMS[code] ?? certificateProblem(code)} (${code}).`,
    "unreachable",
  );
}

const SLOW = say`Raise ${option("timeout")} if the service is just slow.`;

const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ENOTFOUND: "there is no host of this name",
  EAI_AGAIN: "the name could not be looked up",
  ENETUNREACH: "there is no way to this network",
  EHOSTUNREACH: "there is no way to this host",
  ETIMEDOUT: "no connection in time",
  EPROTO: "what answers there does not speak TLS",
};

const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired, or this host's clock is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or this host's clock is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is another host's: the address is wrong, or something answers in its place",
};

function certificateProblem(code: string): Text {
  const known = CERTIFICATE_PROBLEMS[code];
  if (known !== undefined) return known;
  if (!/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO/.test(code)) return "no usable answer";
  return say`its certificate is not trusted. If a proxy or a private installation has an authority of its own, name its file in ${option("caFile")} or NODE_EXTRA_CA_CERTS`;
}

/** The HTTP status of a proxy that would not connect, as hpagent words it. */
export function proxyRefusal({ message }: Failed): string | undefined {
  return /^Bad response: (\d{3})$/.exec(message ?? "")?.[1];
}

/** A proxy's own refusal; its address is not shown, it may hold a password. */
function proxyError(status: string, request: HttpRequest, tries: string): ServiceError {
  const remedy =
    status === "407"
      ? "it wants a user and a password: write them into HTTPS_PROXY as http://user:password@host:port"
      : "check HTTPS_PROXY, or name the host in NO_PROXY";
  return new ServiceError(
    `${describe(request)} failed${tries}: the proxy would not connect (HTTP ${status}); ${remedy}.`,
    "unreachable",
  );
}

function statusError(tries: string, request: HttpRequest, reply: ServiceReply): ServiceError {
  const parts = [
    `HTTP ${reply.status}`,
    ...(reply.iamCode === undefined ? [] : [`code ${reply.iamCode}`]),
    ...(reply.requestId === undefined ? [] : [`request id ${reply.requestId}`]),
  ];
  const said = reply.serviceMessage === undefined ? "" : `: ${reply.serviceMessage.replace(/\.?$/, ".")}`;
  const end = said === "" ? "." : "";
  return new ServiceError(
    `${describe(request)} was refused${tries} (${parts.join(", ")})${said}${end}`,
    "status",
    reply,
  );
}

function readReply(
  response: NonNullable<Failed["response"]>,
  request: HttpRequest,
  ageMs: number,
): ServiceReply {
  const body = tryParseObject(String(response.body)) ?? {};
  const clean = cleaner(request);
  const serviceMessage = clean(body.message ?? body.error_description ?? body.error);
  const header = (name: string) => [response.headers[name]].flat()[0];
  const requestId = clean(header("x-request-id"));
  const date = parseHttpDate(header("date"));
  return {
    status: response.statusCode,
    ...(typeof body.code === "number" ? { iamCode: body.code } : {}),
    ...(serviceMessage === undefined ? {} : { serviceMessage }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(date === undefined ? {} : { serverTime: date + ageMs }),
  };
}

/** A secret as it may come back: whole, without the scheme, escaped as in a form, a URL or JSON, or in Base64. */
function spellings(secret: Secret): readonly Secret[] {
  const whole = secret.reveal();
  const bare = whole.replace(/^Bearer /, "");
  const escaped = [
    new URLSearchParams({ "": bare }).toString().slice(1),
    encodeURIComponent(bare),
    JSON.stringify(bare).slice(1, -1),
    Buffer.from(bare).toString("base64").replace(/=+$/, ""),
  ];
  return [whole, bare, ...escaped].map((text) => new Secret(text));
}

/** The secrets that a request carries. */
export function secretsOf(request: HttpRequest): readonly Secret[] {
  return [request.headers, request.json, request.form].flatMap((values) =>
    Object.values(values ?? {}).filter((value): value is Secret => value instanceof Secret),
  );
}

/** Makes what a service said fit to be shown: one that echoes what it was sent must not make us print it. */
export function cleaner(request: HttpRequest): (text: unknown) => string | undefined {
  const secrets = secretsOf(request).flatMap(spellings);
  return (text) => {
    if (typeof text !== "string" || text.trim() === "") return undefined;
    const hide = (said: string) => hideTokens(redact(said, secrets));
    // What is left out may have stood in the midst of a secret; a secret may have line breaks of its own.
    return hide(oneLine(hide(text))).slice(0, 500) || undefined;
  };
}
