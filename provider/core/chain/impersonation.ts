import type { Iam } from "../iam/iam";
import { isUnavailable, type TokenSource } from "./resolver";

/** Wraps a source: its token is used to ask for one of another service account, and that one is handed out. */
export function impersonated(source: TokenSource, serviceAccountId: string, iam: Iam): TokenSource {
  return {
    id: `${source.id} as ${serviceAccountId}`,
    ...(source.material === undefined ? {} : { material: source.material }),
    ...(source.forget === undefined ? {} : { forget: source.forget }),
    token: async (call) => {
      const own = await source.token(call);
      return isUnavailable(own) ? own : iam.impersonate(own.token, serviceAccountId, call);
    },
  };
}
