/** HTTP status for each google.rpc.Code, as the REST gateway maps them (docs: api-design-guide/concepts/errors). */
export const HTTP_STATUS_BY_CODE: Readonly<Record<number, number>> = {
  1: 499,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

const CODE_BY_HTTP_STATUS: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 10,
  429: 8,
  499: 1,
  500: 13,
  501: 12,
  503: 14,
  504: 4,
};

/** The gRPC code that a reply of this HTTP status most plausibly carries; 2 (UNKNOWN) when there is none. */
export function codeForHttpStatus(status: number): number {
  return CODE_BY_HTTP_STATUS[status] ?? 2;
}

/** Thrown by a route to answer with a google.rpc.Status body. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status of the answer. */
  readonly status: number;

  /** `code` is a google.rpc.Code; the HTTP status follows from it unless given. */
  constructor(
    readonly code: number,
    message: string,
    status?: number,
  ) {
    super(message);
    this.status = status ?? HTTP_STATUS_BY_CODE[code] ?? 500;
  }
}

/** The JSON body of an error: google.rpc.Status with a RequestInfo detail. */
export function statusBody(code: number, message: string, requestId: string): object {
  return {
    code,
    message,
    details: [{ "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId }],
  };
}
