import { type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { parseTimeout } from "./deadline";
import { frame, readMessage } from "./framing";
import { type Method } from "./service";
import { Code, type StatusCode, StatusError, toStatus, trailers } from "./status";

const RESPONSE_HEADERS = { ":status": 200, "content-type": "application/grpc+proto" } as const;

/** How calls are answered. */
export interface AnswerOptions {
  /** Largest message in bytes, both ways. Default 256 MB. */
  readonly maxMessageBytes?: number;
  /** Waited for before each answer, whatever it is; never rejects. */
  readonly beforeAnswer?: () => Promise<void>;
}

/**
 * Answers one unary call. Never throws: whatever goes wrong becomes the call's status.
 *
 * @param controller aborted here when the host cancels or the deadline passes; whoever made it may abort the call
 *   too. The reason is a StatusError.
 */
export async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  method: Method,
  controller: AbortController,
  { maxMessageBytes, beforeAnswer }: AnswerOptions,
): Promise<void> {
  const { signal } = controller;
  const connection = stream.session ?? stream;
  const release = abortOnEnd(stream, headers, controller);
  try {
    const aborted = rejectionOf(signal);
    const request = await readMessage(stream, aborted, maxMessageBytes);
    const onAnswered = (callback: () => void) => stream.once("close", callback);
    const work = method(request, { signal, connection, onAnswered });
    const framed = frame(await Promise.race([work, aborted]), maxMessageBytes);
    await beforeAnswer?.();
    respond(stream, framed);
  } catch (error) {
    const status = toStatus(signal.aborted ? signal.reason : error);
    await beforeAnswer?.();
    refuse(stream, status);
  } finally {
    release();
  }
}

/** Ends a call without a message: headers and trailers in one. */
export function refuse(stream: ServerHttp2Stream, status: StatusError): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ...RESPONSE_HEADERS, ...trailers(status.code, status.message) }, { endStream: true });
  // The request may still be arriving; nobody will read it.
  stream.resume();
}

/** Accepts a stream, sends nothing on it and leaves it open. */
export function hold(stream: ServerHttp2Stream): void {
  stream.respond(RESPONSE_HEADERS);
  stream.resume();
}

function respond(stream: ServerHttp2Stream, framed: Buffer): void {
  if (stream.destroyed) return;
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers(trailers(Code.OK)));
  stream.end(framed);
}

/** Aborts the controller when the host cancels or the deadline passes. Returns how to stop that. */
function abortOnEnd(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  controller: AbortController,
): () => void {
  const abort = (code: StatusCode, why: string) => controller.abort(new StatusError(code, why));
  const gone = () => abort(Code.CANCELLED, "the call was cancelled");
  const late = () => abort(Code.DEADLINE_EXCEEDED, "deadline exceeded");
  const timeout = parseTimeout(headers["grpc-timeout"]);
  const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
  stream.once("close", gone);
  return () => {
    clearTimeout(timer);
    stream.off("close", gone);
  };
}

/** Rejects when the signal aborts, so that neither a client that sends no end nor a handler that does not listen can hold a call. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(toStatus(signal.reason)), { once: true });
    if (signal.aborted) reject(toStatus(signal.reason));
  });
  // Nobody listens any more once the handler has won the race.
  rejection.catch(() => undefined);
  return rejection;
}
