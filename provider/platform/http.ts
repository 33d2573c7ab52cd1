import type { ClientRequest } from "node:http";
import type { Got, Response } from "got";
import type { Http, HttpReply, HttpRequest, RequestValue } from "../core/context";
import { ServiceError } from "../core/words/errors";
import { option, say } from "../core/words/message";
import { REDACTED, Secret } from "../core/words/secret";
import { withAuthority } from "./authorities";
import { parseHttpDate } from "./http-date";
import { describe, type Failed, proxyRefusal, toServiceError, cleaner, secretsOf } from "./http-errors";
import { type AgentsFor, createAgents } from "./proxy";
import { retryAfterMs } from "./retry-after";

/** No reply of IAM or of the metadata service comes near this; a bigger one is a mistake or an attack. In bytes. */
export const MAX_REPLY_BYTES = 64 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5000;
const RETRIED = [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];

/** What can be set from outside. */
export interface HttpOptions {
  /** Sent as `User-Agent`. */
  readonly userAgent: string;
  /** Random numbers from 0 to 1, for jitter. */
  readonly random?: () => number;
  /** The host's wall clock, in milliseconds since the epoch; default the real one. */
  readonly now?: () => number;
  /** Milliseconds for one attempt, default 10 s: one that hangs must leave time for the next. */
  readonly attemptTimeoutMs?: number;
}

/**
 * The http port of the context, over got, which is loaded at the first request. Retries 408, 429, 5xx and connection
 * failures with backoff and jitter, obeys Retry-After, follows no redirect, and reads at most 64 KiB.
 */
export function createHttp(options: HttpOptions): Http {
  let client: Promise<Got> | undefined;
  const agents = createAgents();
  return async (request) => {
    request.signal.throwIfAborted();
    client ??= import("got").then(({ got }) => got);
    return send(client, agents, request, options);
  };
}

async function send(
  client: Promise<Got>,
  agents: AgentsFor,
  request: HttpRequest,
  options: HttpOptions,
): Promise<HttpReply> {
  const end = performance.now() + request.timeoutMs;
  const tooLarge = new AbortController();
  const budget = AbortSignal.timeout(Math.ceil(request.timeoutMs));
  const signal = AbortSignal.any([request.signal, budget, tooLarge.signal]);
  const limits = {
    method: request.method,
    url: request.url,
    signal,
    ...bodyOf(request),
    headers: headersOf(request, options),
    agent: { ...(await agents(request, signal)) },
    ...(request.ca === undefined ? {} : { https: { certificateAuthority: withAuthority(request.ca) } }),
  };
  // To load it takes its time too, out of the request's.
  const got = await client;
  const pending = got({
    ...limits,
    followRedirect: false,
    decompress: false,
    timeout: timeouts(request, options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS),
    retry: retryPolicy(request, () => end - performance.now(), options),
  });
  const check = (bytes: number) => {
    if (bytes > MAX_REPLY_BYTES) tooLarge.abort();
  };
  const watch = stopwatch(options.now ?? Date.now);
  // Node's own event: got's comes only when the whole body is there.
  void pending.on("request", (sent: ClientRequest) => {
    sent.once("response", ({ headers }) => {
      watch.headersCame();
      check(Number(headers["content-length"] ?? 0));
    });
  });
  void pending.on("downloadProgress", ({ transferred }) => check(transferred));
  const response = await pending.catch((error: Failed) => {
    request.signal.throwIfAborted();
    if (tooLarge.signal.aborted) throw tooLargeError(request);
    throw toServiceError(error, request, { outOfTime: budget.aborted, ageMs: watch.ageMs() });
  });
  return { ...toReply(response, request), ageMs: watch.ageMs() };
}

/**
 * Measures how old a reply's headers are. The steady clock stands still while the machine sleeps; so what the wall
 * clock ran ahead of it since the request began is added: whether it slept before or after the headers, nobody can say.
 */
function stopwatch(now: () => number): { headersCame(): void; ageMs(): number } {
  const began = { steady: performance.now(), wall: now() };
  let came = began.steady;
  return {
    headersCame: () => void (came = performance.now()),
    ageMs: () => {
      const steady = performance.now();
      const slept = now() - began.wall - (steady - began.steady);
      // In whole seconds, as `Date` is.
      return Math.floor((steady - came + Math.max(0, slept)) / 1000) * 1000;
    },
  };
}

function timeouts(request: HttpRequest, attemptMs: number) {
  const connect = Math.min(request.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, Math.ceil(request.timeoutMs));
  return { lookup: connect, connect, secureConnect: connect, request: attemptMs };
}

function retryPolicy(request: HttpRequest, left: () => number, options: HttpOptions) {
  const { random = Math.random, now = Date.now } = options;
  return {
    limit: request.retries,
    methods: ["GET" as const, "POST" as const],
    statusCodes: RETRIED,
    // Judged below against what is left of the budget, which got does not know.
    maxRetryAfter: Number.MAX_SAFE_INTEGER,
    calculateDelay: ({ attemptCount, computedValue, error }: RetryState) => {
      // A proxy's refusal has no code that got knows.
      const isProxys = /^5/.test(proxyRefusal(error) ?? "") && attemptCount <= request.retries;
      if (computedValue === 0 && !isProxys) return 0;
      const backoff = Math.min(FIRST_DELAY_MS * 3 ** (attemptCount - 1), MAX_DELAY_MS);
      const delay = retryAfterMs(error.response?.headers ?? {}, now) ?? backoff * (0.5 + random() / 2);
      // Zero means: give up now, since the wait would outlast the time allowed.
      return delay < left() ? Math.max(FIRST_DELAY_MS / 2, delay) : 0;
    },
  };
}

interface RetryState {
  readonly attemptCount: number;
  readonly computedValue: number;
  readonly error: Failed;
}

function bodyOf({ json, form }: HttpRequest): { json?: object; form?: Record<string, string> } {
  if (json !== undefined) return { json: reveal(json) };
  return form === undefined ? {} : { form: reveal(form) };
}

function headersOf(request: HttpRequest, options: HttpOptions): Record<string, string> {
  return {
    "user-agent": options.userAgent,
    "accept-encoding": "identity",
    accept: "application/json",
    ...reveal(request.headers ?? {}),
  };
}

function reveal(values: Readonly<Record<string, RequestValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}

function toReply(response: Response<string>, request: HttpRequest): HttpReply {
  if (response.statusCode >= 300) throw redirectError(response, request);
  const clean = cleaner(request);
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, clean(String(value)) ?? ""]),
  );
  const serverTime = parseHttpDate(response.headers.date);
  return {
    status: response.statusCode,
    headers,
    body: new Secret(response.body),
    ...(serverTime === undefined ? {} : { serverTime }),
  };
}

const CHECK = say`Check ${option("endpoint")}, ${option("iamEndpoint")} and any proxy.`;

function redirectError(response: Response, request: HttpRequest): ServiceError {
  const target = redirectTarget(response.headers.location ?? "", request);
  return new ServiceError(
    say`${describe(request)} was answered with a redirect to ${target}, which is not followed: a credential goes only where it was meant to go. ${CHECK}`,
    "reply",
    { status: response.statusCode },
  );
}

/** The host that a redirect names, unless that is made of something that was sent. */
function redirectTarget(location: string, request: HttpRequest): string {
  if (!URL.canParse(location, request.url)) return "an unknown place";
  const { host } = new URL(location, request.url);
  const written = /^(?:[a-z][-+.\w]*:)?\/\/([^/?#]*)/i.exec(location)?.[1] ?? "";
  if (written !== "" && cleaner(request)(written) !== written) return REDACTED;
  // Read, a host name is in small letters; and it can be a part of a secret, such as one of a JWT's three.
  const sent = secretsOf(request).map((secret) => secret.reveal().toLowerCase());
  const parts = sent.flatMap((secret) => secret.split(/[^-\w]+/)).filter((part) => part.length >= 16);
  return parts.some((part) => host.includes(part)) ? REDACTED : host;
}

function tooLargeError(request: HttpRequest): ServiceError {
  return new ServiceError(
    say`${describe(request)} was answered with more than 64 KiB, which is no reply of Yandex Cloud. ${CHECK}`,
    "reply",
  );
}
