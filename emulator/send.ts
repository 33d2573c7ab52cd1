import { once } from "node:events";
import { type ServerResponse } from "node:http";
import { type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type Fault } from "./faults";
import { type Reply } from "./http";
import { pause } from "./pause";
import { type RequestRecord } from "./request-log";

const HUGE_CHUNK = Buffer.alloc(64 * 1024, 0x20);

/** Ends a connection abruptly: with a TCP reset where the socket allows one. */
export function resetConnection(socket: Socket | null): void {
  if (socket === null || socket.destroyed) return;
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Sends a reply, with the delays, cuts and sizes that the fault asks for. */
export async function send(
  response: ServerResponse,
  reply: Reply,
  fault: Fault,
  record: RequestRecord,
): Promise<void> {
  if (!(await pause(fault.headersDelayMs, response))) return;
  if (fault.reset === "headers") return cutInHeaders(response);
  record.status = reply.status;
  setHeaders(response, reply, fault);
  if (fault.hugeBody !== undefined) return sendHuge(response, fault.hugeBody, record);
  const body = shorten(encode(reply.body), fault.truncate);
  response.setHeader("content-length", body.length);
  await sendBody(response, body, fault, record);
}

function setHeaders(response: ServerResponse, reply: Reply, fault: Fault): void {
  response.statusCode = reply.status;
  const fallback = typeof reply.body === "string" ? "text/plain" : "application/json";
  response.setHeader("content-type", fault.contentType ?? reply.contentType ?? fallback);
  for (const [name, value] of Object.entries({ ...reply.headers, ...fault.headers })) {
    if (value === null) response.removeHeader(name);
    else response.setHeader(name, value);
  }
}

function encode(body: unknown): Buffer {
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

/** As much of a body as the fault leaves. */
export function shorten(body: Buffer, truncate: Fault["truncate"]): Buffer {
  if (truncate === undefined || truncate === false) return body;
  return body.subarray(0, truncate === true ? Math.floor(body.length / 2) : truncate);
}

async function sendBody(
  response: ServerResponse,
  body: Buffer,
  fault: Fault,
  record: RequestRecord,
): Promise<void> {
  let rest = body;
  if (fault.bodyDelayMs !== undefined || fault.reset === "body") {
    const half = body.subarray(0, Math.floor(body.length / 2));
    rest = body.subarray(half.length);
    response.flushHeaders();
    record.bytesSent = half.length;
    await new Promise<void>((resolve) => response.write(half, () => resolve()));
    if (!(await pause(fault.bodyDelayMs, response))) return;
  }
  if (fault.reset === "body") return resetConnection(response.socket);
  record.bytesSent += rest.length;
  response.end(rest);
}

async function cutInHeaders(response: ServerResponse): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  await new Promise<void>((resolve) => socket.write("HTTP/1.1 200 OK\r\nContent-Ty", () => resolve()));
  resetConnection(socket);
}

async function sendHuge(response: ServerResponse, bytes: number, record: RequestRecord): Promise<void> {
  response.write('{"iamToken":"');
  while (record.bytesSent < bytes && !response.destroyed) {
    record.bytesSent += HUGE_CHUNK.length;
    if (response.write(HUGE_CHUNK)) continue;
    const closed = new AbortController();
    const onClose = (): void => closed.abort();
    response.once("close", onClose);
    await once(response, "drain", { signal: closed.signal }).catch(() => undefined);
    response.off("close", onClose);
  }
  response.end('"}');
}
