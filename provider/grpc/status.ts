/** The gRPC status codes used here. Source: grpc/grpc `doc/statuscodes.md`. */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** One of {@link Code}. */
export type StatusCode = (typeof Code)[keyof typeof Code];

/** Ends a call with this status and message; the host shows both to its user. */
export class StatusError extends Error {
  override readonly name = "StatusError";

  constructor(
    readonly code: StatusCode,
    message: string,
  ) {
    super(message);
  }
}

/** Any thrown value as a status: what is not a {@link StatusError} becomes INTERNAL with its message. */
export function toStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return new StatusError(
    Code.INTERNAL,
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
}

/**
 * The longest message that a status carries, in bytes as it travels. Beyond 64 KB of headers, a peer drops the connection
 * and all calls on it.
 */
const MAX_STATUS_BYTES = 16 * 1024;

/** The two trailers that end a call. The message is percent-encoded, as headers are ASCII only; a long one is cut. */
export function trailers(code: StatusCode, message = ""): Record<string, string> {
  return message === ""
    ? { "grpc-status": String(code) }
    : { "grpc-status": String(code), "grpc-message": cut(percentEncode(message)) };
}

/** Cuts what is percent-encoded where a character ends. */
function cut(encoded: string): string {
  if (encoded.length <= MAX_STATUS_BYTES) return encoded;
  const lastOfMany = /(?:%[C-F][0-9A-F](?:%[89AB][0-9A-F])*)?(?:%[0-9A-F]?)?$/;
  return `${encoded.slice(0, MAX_STATUS_BYTES).replace(lastOfMany, "")}...`;
}

function percentEncode(message: string): string {
  const escape = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  const plain = (byte: number) => byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
  return Array.from(Buffer.from(message, "utf8"), (byte) =>
    plain(byte) ? String.fromCharCode(byte) : escape(byte),
  ).join("");
}
