import type { HttpReply } from "../context";
import type { AccessKeyRequest } from "../options/access-key";
import type { HeldKey } from "../token/access-key";
import type { Call } from "../token/call";
import { readExpiresAt } from "../token/life";
import { CredentialError } from "../words/errors";
import { say } from "../words/message";
import type { Secret } from "../words/secret";
import { bearer, type Iam } from "./iam";
import { parseJson, readReplyToken, replyError } from "./reply";

const PATH = "/iam/aws-compatibility/v1/ephemeralAccessKeys";
const WHAT = "IAM's reply";

/**
 * Asks for an ephemeral access key of Object Storage (iam-facts 10). It cannot be revoked, and IAM lets it live no longer
 * than the token.
 */
export async function issueAccessKey(
  iam: Iam,
  token: Secret,
  request: AccessKeyRequest,
  call: Call,
): Promise<HeldKey> {
  const { durationMs, sessionName, policy, subjectId } = request;
  const json = {
    sessionName,
    // As JSON writes google.protobuf.Duration.
    duration: `${durationMs / 1000}s`,
    ...(policy === undefined ? {} : { policy }),
    ...(subjectId === undefined ? {} : { subjectId }),
  };
  return readKey(await iam.send(call, PATH, { json, headers: bearer(token) }), iam);
}

function readKey(reply: HttpReply, { clock }: Iam): HeldKey {
  const body = parseJson(reply, WHAT);
  const text = (field: string) => readReplyToken(body, field, reply, WHAT);
  const [accessKeyId, secretAccessKey, sessionToken] = [
    text("accessKeyId"),
    text("secret"),
    text("sessionToken"),
  ];
  clock.observe(reply.serverTime, reply.ageMs);
  const issuedAt = clock.now();
  const expiresAt = readExpiresAt(body.expiresAt, issuedAt);
  if (typeof expiresAt === "string") throw replyError(reply, WHAT, expiresAt);
  const end = new Date(expiresAt).toISOString();
  return {
    key: { accessKeyId: accessKeyId.reveal(), secretAccessKey, sessionToken, expiresAt: end },
    issuedAt,
    expiresAt,
  };
}

/** A refusal with what it means for a key. */
export function explainKeyRefusal(error: unknown): unknown {
  if (!(error instanceof CredentialError)) return error;
  const meanings: Readonly<Record<number, string>> = {
    401: " The token is dead: it was revoked or has expired. Get a new one.",
    403: " The caller needs the role iam.serviceAccounts.ephemeralAccessKeyAdmin on the account or its folder.",
  };
  const meaning = meanings[error.reply.status ?? 0] ?? "";
  return new CredentialError(
    say`IAM gives no ephemeral access key: ${error.text}${meaning}`,
    error.option,
    error.reply,
  );
}
