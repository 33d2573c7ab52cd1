import { type IncomingHttpHeaders } from "node:http";
import { type Socket } from "node:net";
import { answer, type Noted, refuse } from "../answer";
import { type RouteName } from "../api";
import { ApiError } from "../errors";
import { type Fault } from "../faults";
import { findRoute, type Reply } from "../http";
import { pause } from "../pause";
import { type Pipeline, requestIdOf } from "../pipeline";
import { resetConnection, shorten } from "../send";
import { type Rpc } from "./methods";

/** A call as it came. */
export interface Asked {
  readonly rpc: Rpc;
  readonly headers: IncomingHttpHeaders;
  readonly message: Uint8Array;
  /** The client's connection; undefined when it has ended. */
  readonly socket: Socket | undefined;
}

/** What is sent back: the message, or the error that `reply` tells. */
export interface Answered {
  readonly requestId: string;
  readonly fault: Fault;
  readonly reply: Reply;
  /** Undefined for an error. */
  readonly message: Uint8Array | undefined;
}

/**
 * Answers a call by the route of REST that does the same, with the same faults. Resolves to undefined when there is
 * nobody to answer: the client has gone, or its connection was cut on purpose.
 */
export async function exchange(pipeline: Pipeline<RouteName>, asked: Asked): Promise<Answered | undefined> {
  const { rpc, headers, socket } = asked;
  const { route } = rpc;
  const requestId = requestIdOf(headers);
  const target = { path: rpc.path, query: "" };
  const known = { route, requestId, time: pipeline.clock.now() };
  const record = pipeline.log.add({ method: "POST", headers }, target, known);
  const fault = pipeline.faults.take(route) ?? {};
  if (socket === undefined) return undefined;
  if (fault.reset === "before") return cut(socket);
  if (!(await pause(fault.delayMs, socket))) return undefined;
  const { reply, message } = await work(pipeline, asked, { requestId, fault, record });
  // Headers, message and status travel together: a wait between them is a wait before all of them.
  for (const delay of [fault.headersDelayMs, fault.bodyDelayMs])
    if (!(await pause(delay, socket))) return undefined;
  if (fault.reset !== undefined) return cut(socket);
  record.status = reply.status;
  record.bytesSent = message?.length ?? 0;
  return { requestId, fault, reply, message };
}

function cut(socket: Socket): undefined {
  resetConnection(socket);
}

async function work(
  pipeline: Pipeline<RouteName>,
  { rpc, headers, message }: Asked,
  noted: Noted,
): Promise<Pick<Answered, "reply" | "message">> {
  try {
    const json = rpc.requestType.toJSON(rpc.requestType.decode(message));
    const body = JSON.stringify(json);
    if (pipeline.recordBodies()) noted.record.body = body;
    const path = rpc.restPath(json as Readonly<Record<string, unknown>>);
    const route = findRoute(pipeline.routes, rpc.method, path);
    const call = { method: rpc.method, path, query: new URLSearchParams(), body, fault: noted.fault };
    const reply = await answer(noted, () => {
      if (route === undefined) throw new ApiError(5, `No such path: ${path}`);
      return route.handle({ ...call, headers: { ...headers, "content-type": "application/json" } });
    });
    if (reply.status !== 200) return { reply, message: undefined };
    const bytes = rpc.responseType.encode(rpc.responseType.fromJSON(reply.body)).finish();
    return { reply, message: shorten(Buffer.from(bytes), noted.fault.truncate) };
  } catch (error) {
    return { reply: refuse(noted, error), message: undefined };
  }
}
