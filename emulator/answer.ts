import { ApiError, statusBody } from "./errors";
import { editReply, replyInstead } from "./fault-reply";
import { type Fault } from "./faults";
import { type Reply } from "./http";
import { type RequestRecord } from "./request-log";

/** A request that has been noted, with what is to go wrong with it. */
export interface Noted {
  readonly requestId: string;
  readonly fault: Fault;
  readonly record: RequestRecord;
}

/** The reply of `handle`, unless the fault has one in its place; what it throws becomes a reply too. */
export async function answer(noted: Noted, handle: () => Reply | Promise<Reply>): Promise<Reply> {
  const { requestId, fault } = noted;
  try {
    return replyInstead(fault, requestId) ?? editReply(await handle(), fault);
  } catch (error) {
    return refuse(noted, error);
  }
}

/** The reply that tells of an error; one that is no ApiError is kept in the record and told as code 13. */
export function refuse({ requestId, record }: Noted, error: unknown): Reply {
  if (!(error instanceof ApiError)) record.failure = error;
  const { status, code, message } = error instanceof ApiError ? error : new ApiError(13, "Internal error");
  return { status, body: statusBody(code, message, requestId) };
}
