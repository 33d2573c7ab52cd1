import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpRequest } from "../../provider/core/context";
import { ServiceError } from "../../provider/core/words/errors";
import { failureOf as failure } from "../support/failure";

/** A request as it came in, with its whole body. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
}

/** A real HTTP server on a loopback port of its own. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** Answers one request; `number` counts from 1. */
export type Answer = (response: ServerResponse, request: Received, number: number) => void;

/** Starts a server that reads each request to its end and then answers it. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const record = { method, url, headers, body: Buffer.concat(chunks).toString(), at: performance.now() };
      received.push(record);
      answer(response, record, received.length);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Servers for the tests of the suite it is called in; each is closed after its test. */
export function useServers(): typeof startServer {
  const servers: TestServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  return async (answer) => servers[servers.push(await startServer(answer)) - 1] as TestServer;
}

/** A request with time enough. */
export function requestTo(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const signal = new AbortController().signal;
  return { method: "GET", url, signal, timeoutMs: 10_000, retries: 4, ...more };
}

/** The error that a request ends with; fails when it ends well. */
export async function failureOf(sent: Promise<unknown>): Promise<ServiceError> {
  const error = await failure(sent);
  if (error instanceof ServiceError) return error;
  throw error;
}

/** Sends JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
