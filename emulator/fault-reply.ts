import { codeForHttpStatus, HTTP_STATUS_BY_CODE, statusBody } from "./errors";
import { type Fault } from "./faults";
import { type Reply } from "./http";

/** The reply that takes the place of the route's own, or undefined when the route is to run. */
export function replyInstead(fault: Fault, requestId: string): Reply | undefined {
  if (fault.redirect !== undefined) {
    return { status: fault.status ?? 307, body: "", headers: { location: fault.redirect } };
  }
  if (fault.body !== undefined) return { status: fault.status ?? 200, body: fault.body };
  if (fault.hugeBody !== undefined) return { status: fault.status ?? 200, body: "" };
  return errorInstead(fault, requestId);
}

function errorInstead(fault: Fault, requestId: string): Reply | undefined {
  const { status, code, message, retryAfter } = fault;
  if (status === undefined && code === undefined && message === undefined && retryAfter === undefined) {
    return undefined;
  }
  const http = status ?? (code === undefined ? 429 : (HTTP_STATUS_BY_CODE[code] ?? 500));
  const body = statusBody(code ?? codeForHttpStatus(http), message ?? "Injected fault", requestId);
  return {
    status: http,
    body,
    ...(retryAfter !== undefined && { headers: { "retry-after": String(retryAfter) } }),
  };
}

/** The route's reply with the literals of the fault put in. */
export function editReply(reply: Reply, fault: Fault): Reply {
  const edited = fault.contentType === undefined ? reply : { ...reply, contentType: fault.contentType };
  if (typeof reply.body !== "object" || reply.body === null || reply.status !== 200) return edited;
  const body: Record<string, unknown> = { ...reply.body };
  if (fault.expiresAt !== undefined) body["expiresAt"] = fault.expiresAt ?? undefined;
  if (fault.expiresIn !== undefined) body["expires_in"] = fault.expiresIn ?? undefined;
  return { ...edited, body };
}
