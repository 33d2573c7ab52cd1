import { randomUUID } from "node:crypto";
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { answer, refuse } from "./answer";
import { type Clock } from "./clock";
import { ApiError } from "./errors";
import { type Fault, type FaultQueue } from "./faults";
import { type Call, findRoute, readTarget, type Reply, type Route, type Target } from "./http";
import { pause } from "./pause";
import { type RequestLog, type RequestRecord } from "./request-log";
import { resetConnection, send } from "./send";

/** Longest request body read; a longer one is answered with code 3. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/** What a server needs to answer: a routing table and the things that watch or spoil each call. */
export interface Pipeline<Name extends string> {
  readonly routes: readonly Route<Name>[];
  /** Name under which a request that no route takes is counted. */
  readonly fallback: Name;
  readonly log: Pick<RequestLog<Name>, "add">;
  readonly faults: FaultQueue<Name>;
  readonly clock: Clock;
  /** Whether request bodies are kept in the log; read at each call. */
  readonly recordBodies: () => boolean;
}

/** The listener for node's HTTP servers. */
export function createListener<Name extends string>(pipeline: Pipeline<Name>): RequestListener {
  return (request, response) => {
    const exchange = new Exchange(pipeline, request, response);
    exchange.run().catch((error: unknown) => {
      exchange.record.failure = error;
      response.destroy();
    });
  };
}

/** One request and its answer. */
class Exchange<Name extends string> {
  readonly #requestId: string;
  readonly #target: Target;
  readonly #route: Route<Name> | undefined;
  readonly #fault: Fault<Name>;
  readonly record: RequestRecord<Name>;

  constructor(
    private readonly pipeline: Pipeline<Name>,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    const { routes, fallback, log, faults, clock } = pipeline;
    this.#requestId = requestIdOf(request.headers);
    this.#target = readTarget(request.url ?? "");
    this.#route = findRoute(routes, request.method ?? "", this.#target.path);
    const name = this.#route?.name ?? fallback;
    const known = { route: name, requestId: this.#requestId, time: clock.now() };
    this.record = log.add(request, this.#target, known);
    this.#fault = faults.take(name) ?? {};
  }

  async run(): Promise<void> {
    const fault = this.#fault;
    if (fault.reset === "before") return resetConnection(this.request.socket);
    if (!(await pause(fault.delayMs, this.response))) return;
    const reply = await this.#answer();
    this.response.sendDate = false;
    this.response.setHeader("date", new Date(this.pipeline.clock.now()).toUTCString());
    this.response.setHeader("x-request-id", this.#requestId);
    this.response.setHeader("x-server-trace-id", randomUUID());
    await send(this.response, reply, fault, this.record);
  }

  async #answer(): Promise<Reply> {
    const noted = { requestId: this.#requestId, fault: this.#fault, record: this.record };
    try {
      const body = await readBody(this.request);
      if (this.pipeline.recordBodies()) this.record.body = body;
      return await answer(noted, () => this.#handle(body));
    } catch (error) {
      return refuse(noted, error);
    }
  }

  #handle(body: string): Reply | Promise<Reply> {
    const { method = "", headers } = this.request;
    const { path } = this.#target;
    if (this.#route === undefined) throw new ApiError(5, `No such path: ${method} ${path}`);
    const query = new URLSearchParams(this.#target.query);
    const call: Call = { method, path, query, headers, body, fault: this.#fault };
    return this.#route.handle(call);
  }
}

/** The id that the client gave to its request, or a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && given !== "" ? given : randomUUID();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  if (length > MAX_REQUEST_BYTES)
    throw new ApiError(3, `Request body is longer than ${MAX_REQUEST_BYTES} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}
