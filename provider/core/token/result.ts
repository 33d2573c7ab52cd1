import { Secret } from "../words/secret";
import { fingerprint, type IamToken } from "./token";

/** All that is known of one field of an answer: schemas, types and tables are made from it. */
export interface OutputSpec {
  /** One sentence for users. */
  readonly doc: string;
  /** Must not be shown. */
  readonly secret?: boolean;
  /** May be absent. */
  readonly optional?: boolean;
}

/** Fields of an answer by name. */
export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

/** What is told of a token: one row for each field, in the order in which hosts show them. */
export const RESULT = {
  token: { secret: true, doc: "The IAM token." },
  authorizationHeader: { secret: true, doc: "`Bearer ` and the token." },
  expiresAt: {
    optional: true,
    doc: "When the token dies: RFC 3339, UTC. Absent where its life is not known.",
  },
  issuedAt: {
    optional: true,
    doc: "When it was got: RFC 3339, UTC. Absent for a token that was handed in ready.",
  },
  refreshAt: { optional: true, doc: "When a later call would renew it: RFC 3339, UTC." },
  resolver: { doc: "Name of the resolver that answered, such as `serviceAccountKey`." },
  subjectId: {
    optional: true,
    doc: "Whose token it is: the id of a service account or a user. Absent where it is not known.",
  },
  fingerprint: {
    doc: "First 12 hex digits of the token's SHA-256: compares two places without showing a token.",
  },
} as const satisfies OutputSpecs;

type Rows = typeof RESULT;
type Optional = { [K in keyof Rows]: Rows[K] extends { optional: true } ? K : never }[keyof Rows];
type ValueOf<K extends keyof Rows> = Rows[K] extends { secret: true } ? Secret : string;

/** What the data source answers: a field for each row of {@link RESULT}. Times are by the server's clock. */
export type TokenResult = { readonly [K in Exclude<keyof Rows, Optional>]: ValueOf<K> } & {
  readonly [K in Optional]?: ValueOf<K>;
};

/**
 * The answer for a token.
 * @param refreshAt when a later call would renew it, in milliseconds since the epoch
 */
export function toResult(token: IamToken, resolver: string, refreshAt: number | undefined): TokenResult {
  const { expiresAt, issuedAt, subjectId } = token;
  return {
    token: token.token,
    authorizationHeader: new Secret(`Bearer ${token.token.reveal()}`),
    ...(expiresAt === undefined ? {} : { expiresAt: toTime(expiresAt) }),
    ...(issuedAt === undefined ? {} : { issuedAt: toTime(issuedAt) }),
    ...(refreshAt === undefined ? {} : { refreshAt: toTime(refreshAt) }),
    resolver,
    ...(subjectId === undefined ? {} : { subjectId }),
    fingerprint: fingerprint(token.token),
  };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
