import type { Call } from "../token/call";
import type { Secret } from "../words/secret";
import { bearer, type Iam } from "./iam";
import { parseJson } from "./reply";

/** What IAM tells of a subject. Source: yandex/cloud/iam/v1/subject_details_service.proto. */
export interface Subject {
  /** Of a service account its name, of a person all names as they are shown. */
  readonly name?: string;
  /** IAM's own word, such as `SERVICE_ACCOUNT` or `USER_ACCOUNT`. */
  readonly type?: string;
}

/**
 * What IAM tells of a subject to the holder of this token.
 * @throws CredentialError where the holder may not ask, or there is no such subject; ServiceError
 */
export async function subjectOf(iam: Iam, token: Secret, subjectId: string, call: Call): Promise<Subject> {
  const path = `/iam/v1/subjects/${encodeURIComponent(subjectId)}`;
  const reply = await iam.send(call, path, { method: "GET", headers: bearer(token) });
  return readSubject(parseJson(reply, "IAM's reply"));
}

/** What a reply lacks is absent. */
function readSubject({ subject }: Readonly<Record<string, unknown>>): Subject {
  const { name, type } = (subject ?? {}) as { readonly name?: unknown; readonly type?: unknown };
  return { ...(isText(name) ? { name } : {}), ...(isText(type) ? { type } : {}) };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
