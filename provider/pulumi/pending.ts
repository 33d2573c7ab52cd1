import { seal, UNKNOWN } from "./values";

/** What may be shown of a token that is still to be had. */
export const PENDING_INFO = {
  expiresAt: UNKNOWN,
  issuedAt: UNKNOWN,
  refreshAt: UNKNOWN,
  resolver: UNKNOWN,
  subjectId: UNKNOWN,
  fingerprint: UNKNOWN,
};

/** Shown by a preview in place of a token that is still to be had. */
export const PENDING_TOKEN = { token: seal(UNKNOWN), authorizationHeader: seal(UNKNOWN), ...PENDING_INFO };

/** Shown by a preview in place of what resolvers do with options that are not known yet. */
export const PENDING_EXPLANATION = { resolvers: UNKNOWN, chosen: UNKNOWN, verified: UNKNOWN };
