import { type Reply } from "./http";

/** An error of the auth host, as OAuth writes it (RFC 6749 section 5.2, RFC 8693 section 2.2.2). */
export class OauthError extends Error {
  override readonly name = "OauthError";

  /** `error` is the OAuth error code, `description` the text for people. */
  constructor(
    readonly error: "invalid_request" | "invalid_target" | "unsupported_grant_type",
    description: string,
  ) {
    super(description);
  }

  /** The answer. The status of the real host is unconfirmed; 400 is what the RFCs say. */
  toReply(): Reply {
    return { status: 400, body: { error: this.error, error_description: this.message } };
  }
}
