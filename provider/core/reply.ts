import type { HttpReply } from "./context";
import { ServiceError } from "./errors";
import { say } from "./message";

/**
 * The JSON object in a reply's body.
 * @param what names the reply in the error, such as `IAM's reply`
 * @throws ServiceError of kind `reply`; the body is never shown, it may hold a token
 */
export function parseJson(reply: HttpReply, what: string): Readonly<Record<string, unknown>> {
  const parsed = tryParse(reply.body.reveal());
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
    return parsed as Record<string, unknown>;
  const type = reply.headers["content-type"] ?? "no content type";
  throw replyError(reply, what, `is not a JSON object (${type}, ${reply.body.reveal().length} characters)`);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A `ServiceError` that says what is wrong with a reply and gives its request id. */
export function replyError(reply: HttpReply, what: string, problem: string): ServiceError {
  const requestId = reply.headers["x-request-id"];
  const id = requestId === undefined ? "" : ` (request id ${requestId})`;
  return new ServiceError(
    say`${what} ${problem}${id}. Is a proxy or another service answering in its place?`,
    "reply",
    { status: reply.status, ...(requestId === undefined ? {} : { requestId }) },
  );
}
