import type { ClientRequest } from "node:http";
import type * as GotModule from "got";
import type { Got } from "got";
import type { Http, HttpReply, HttpRequest, RequestValue } from "../core/context";
import { Secret } from "../core/words/secret";
import { ageOf, type Attempt, tellEndOfSuccess, watchAttempt } from "./attempt";
import { withAuthority } from "./authorities";
import { type Failed, RETRIED_CODES, toServiceError } from "./http-errors";
import { toReply, tooLargeError } from "./http-reply";
import { type AgentsFor, createAgents } from "./proxy";
import { retryAfterMs } from "./retry-after";
import { PROXY_FAILED } from "./tunnel";
import { steadyNow } from "../core/token/clock";

/** No reply of IAM or of the metadata service comes near this; a bigger one is a mistake or an attack. In bytes. */
export const MAX_REPLY_BYTES = 64 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5000;
const RETRIED_STATUSES = [408, 429, ...Array.from({ length: 100 }, (_, index) => 500 + index)];

/** What can be set from outside. */
export interface HttpOptions {
  /** Sent as `User-Agent`. */
  readonly userAgent: string;
  /** Random numbers from 0 to 1, for jitter. */
  readonly random?: () => number;
  /** The host's wall clock, in milliseconds since the epoch, for dates in Retry-After; default the real one. */
  readonly now?: () => number;
  /** What requests go through; default nothing, or the proxy that the variables name. */
  readonly agents?: AgentsFor;
  /** Milliseconds for one attempt, default 10 s: one that hangs must leave time for the next. */
  readonly attemptTimeoutMs?: number;
}

interface Parts extends HttpOptions {
  readonly got: Got;
  readonly agents: AgentsFor;
}

/**
 * The http port of the context, over got. It retries 408, 429, 5xx and connection failures with backoff and jitter, obeys
 * Retry-After, follows no redirect, and reads at most 64 KiB. To make it loads got, which takes some 15 ms.
 */
export function createHttp(options: HttpOptions): Http {
  const { agents = createAgents() } = options;
  // `import()` would answer in a later turn only, when callers wait already.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { got } = require("got") as typeof GotModule;
  return send.bind(undefined, { ...options, agents, got });
}

async function send(parts: Parts, request: HttpRequest): Promise<HttpReply> {
  request.signal.throwIfAborted();
  const end = steadyNow() + request.timeoutMs;
  const tooLarge = new AbortController();
  const budget = AbortSignal.timeout(Math.ceil(request.timeoutMs));
  const signal = AbortSignal.any([request.signal, budget, tooLarge.signal]);
  const connect = Math.min(request.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, Math.ceil(request.timeoutMs));
  const limits = {
    method: request.method,
    url: request.url,
    signal,
    json: request.json && reveal(request.json),
    form: request.form && reveal(request.form),
    headers: {
      "user-agent": parts.userAgent,
      "accept-encoding": "identity",
      accept: "application/json",
      ...reveal(request.headers ?? {}),
    },
    agent: { ...(await parts.agents(request, signal)) },
    ...(request.ca === undefined ? {} : { https: { certificateAuthority: withAuthority(request.ca) } }),
  };
  const pending = parts.got({
    ...limits,
    followRedirect: false,
    decompress: false,
    timeout: {
      lookup: connect,
      connect,
      secureConnect: connect,
      request: parts.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS,
    },
    retry: retryPolicy(request, () => end - steadyNow(), parts),
  });
  const check = (bytes: number) => {
    if (bytes > MAX_REPLY_BYTES) tooLarge.abort();
  };
  let attempt: Attempt | undefined;
  void pending.on("request", (sent: ClientRequest) => {
    attempt = watchAttempt(sent);
    tellEndOfSuccess(sent);
    sent.once("response", ({ headers }) => check(Number(headers["content-length"] ?? 0)));
  });
  void pending.on("downloadProgress", ({ transferred }) => check(transferred));
  const response = await pending.catch((error: Failed) => {
    request.signal.throwIfAborted();
    if (tooLarge.signal.aborted) throw tooLargeError(request);
    throw toServiceError(error, request, { outOfTime: budget.aborted, attempt });
  });
  return toReply(response, request, ageOf(attempt));
}

function retryPolicy(request: HttpRequest, left: () => number, options: HttpOptions) {
  const { random = Math.random, now = Date.now } = options;
  return {
    limit: request.retries,
    methods: ["GET" as const, "POST" as const],
    statusCodes: RETRIED_STATUSES,
    errorCodes: [...RETRIED_CODES, PROXY_FAILED],
    // calculateDelay judges it: got does not know how much time is left.
    maxRetryAfter: Number.MAX_SAFE_INTEGER,
    calculateDelay: ({ attemptCount, computedValue, error }: RetryState) => {
      if (computedValue === 0) return 0;
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

function reveal(values: Readonly<Record<string, RequestValue>>): Record<string, string> {
  const revealed: Record<string, string> = {};
  for (const [name, value] of Object.entries(values))
    revealed[name] = value instanceof Secret ? value.reveal() : value;
  return revealed;
}
