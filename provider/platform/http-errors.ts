import type { HttpRequest } from "../core/context";
import { ServiceError, type ServiceFailure, type ServiceReply } from "../core/words/errors";
import { tryParseObject } from "../core/words/json";
import { option, say, type Text } from "../core/words/message";
import { type Attempt, ageOf } from "./attempt";
import { parseHttpDate } from "./http-date";
import { cleaner } from "./said";
import { ProxyError } from "./tunnel";

/** The parts of got's errors that are looked at. The errors themselves are not passed on: they hold the request. */
export interface Failed {
  readonly code?: string;
  readonly name?: string;
  readonly cause?: unknown;
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
  /** The last attempt; undefined when none was begun. */
  readonly attempt: Attempt | undefined;
}

/** A new error that holds what is safe to show, and nothing of got's error. */
export function toServiceError(error: Failed, request: HttpRequest, ending: Ending): ServiceError {
  const { response, cause } = error;
  const attempts = (error.request?.retryCount ?? 0) + 1;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : "";
  if (response !== undefined && response.statusCode >= 400)
    return statusError(tries, request, readReply(response, request, ageOf(ending.attempt)));
  if (ending.outOfTime || error.name === "TimeoutError") return lateError(tries, request, ending);
  if (cause instanceof ProxyError) return proxyError(cause, request, tries);
  const code = nodeCode(error.code ?? "unknown error");
  return new ServiceError(
    say`${describe(request)} failed${tries}: ${problemOf(code)} (${code}).`,
    failureOf(code, ending),
  );
}

/** Node's code for an error that the runtime of the executable names more closely: what was said was no TLS. */
function nodeCode(code: string): string {
  return code.startsWith("ERR_SSL_") ? "EPROTO" : code;
}

/** A service that was connected to is not absent: that decides whether a chain may go on to another identity. */
function failureOf(code: string, { attempt }: Ending): ServiceFailure {
  if (attempt?.isConnected !== true) return "unreachable";
  return code === "EPROTO" || code.startsWith("HPE_") ? "reply" : "cut";
}

function lateError(tries: string, request: HttpRequest, { outOfTime, attempt }: Ending): ServiceError {
  const what = describe(request);
  if (attempt?.isConnected !== true) {
    return new ServiceError(
      say`${what} failed${tries}: no connection in time (ETIMEDOUT). Check the network and any proxy, or raise ${option("timeout")}.`,
      "unreachable",
    );
  }
  const late = outOfTime ? "did not end within the time allowed" : "did not answer in time";
  return new ServiceError(
    say`${what} ${late}${tries}. Raise ${option("timeout")} if the service is just slow.`,
    "timeout",
  );
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  ECONNABORTED: "the connection was cut",
  EPIPE: "the connection was cut",
  ENOTFOUND: "there is no host of this name",
  EAI_AGAIN: "the name could not be looked up",
  ENETUNREACH: "there is no way to this network",
  ENETDOWN: "this machine's network is down",
  EHOSTUNREACH: "there is no way to this host",
  EHOSTDOWN: "this host is down",
  ETIMEDOUT: "no connection in time",
  EPROTO: "what answers there does not speak TLS",
};

/** The codes after which another attempt may help. */
export const RETRIED_CODES = Object.keys(PROBLEMS).filter((code) => code !== "EPROTO");

const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired, or this host's clock is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or this host's clock is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is another host's: the address is wrong, or something answers in its place",
};

function problemOf(code: string): Text {
  const known = PROBLEMS[code] ?? CERTIFICATE_PROBLEMS[code];
  if (known !== undefined) return known;
  if (!/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO/.test(code)) return "no usable answer";
  return say`its certificate is not trusted. If a proxy or a private installation has an authority of its own, name its file in ${option("caFile")} or NODE_EXTRA_CA_CERTS`;
}

/** The proxy's own failure; its address is not shown, since it may hold a password. */
function proxyError({ code: given, status }: ProxyError, request: HttpRequest, tries: string): ServiceError {
  const code = nodeCode(given);
  const remedy =
    status === 407
      ? "it wants a user and a password: write them into HTTPS_PROXY as http://user:password@host:port"
      : "check HTTPS_PROXY, or name the host in NO_PROXY";
  const problem = status === undefined ? say`: ${problemOf(code)} (${code})` : ` (HTTP ${status})`;
  return new ServiceError(
    say`${describe(request)} failed${tries}: the proxy would not connect${problem}; ${remedy}.`,
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
  const header = (name: string) => [response.headers[name]].flat()[0];
  const serviceMessage = clean(body.message ?? body.error_description ?? body.error);
  const oauthError = clean(body.error);
  const requestId = clean(header("x-request-id"));
  const date = parseHttpDate(header("date"));
  // Without both it is no google.rpc.Status: a gateway may answer in IAM's place.
  const isStatus = typeof body.code === "number" && typeof body.message === "string";
  return {
    status: response.statusCode,
    ...(header("metadata-flavor") === "Google" ? { isMetadata: true } : {}),
    ...(isStatus ? { iamCode: body.code as number } : {}),
    ...(oauthError === undefined ? {} : { oauthError }),
    ...(serviceMessage === undefined ? {} : { serviceMessage }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(date === undefined ? {} : { serverTime: date + ageMs }),
  };
}
