import type { HttpReply } from "../context";
import { ServiceError } from "../words/errors";
import { tryParseObject } from "../words/json";
import { say } from "../words/message";
import { Secret } from "../words/secret";
import { canBeToken } from "../token/token";

/**
 * The JSON object in a reply's body.
 * @param what names the reply in the error, such as `IAM's reply`
 * @throws ServiceError of kind `reply`; the body is never shown, it may hold a token
 */
export function parseJson(reply: HttpReply, what: string): Readonly<Record<string, unknown>> {
  const parsed = tryParseObject(reply.body.reveal());
  if (parsed !== undefined) return parsed;
  const type = reply.headers["content-type"] ?? "no content type";
  throw replyError(reply, what, `is not a JSON object (${type}, ${reply.body.reveal().length} characters)`);
}

/**
 * The token in a field of a reply.
 * @throws ServiceError of kind `reply` when there is none, or what is there cannot be one
 */
export function readReplyToken(
  body: Readonly<Record<string, unknown>>,
  field: string,
  reply: HttpReply,
  what: string,
): Secret {
  const value = body[field];
  if (typeof value !== "string" || value === "") throw replyError(reply, what, `has no ${field}`);
  if (canBeToken(value)) return new Secret(value);
  throw replyError(
    reply,
    what,
    `has a ${field} that cannot be a token: it is too long, or has white space in it`,
  );
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
