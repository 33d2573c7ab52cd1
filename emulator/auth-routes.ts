import { type Call, type Reply, type Route } from "./http";
import { OauthError } from "./oauth-error";
import { type State } from "./state";
import { verifySubjectToken } from "./subject-token";

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";

/** Form fields that have only one right value. */
const FIXED_FIELDS = {
  requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
} as const;

/** The auth host's RFC 8693 exchange. `onExchange` is called for each answer that gives out a token. */
export function authRoutes(state: State, onExchange: () => void): Route<"oauthToken">[] {
  return [
    {
      name: "oauthToken",
      method: "POST",
      path: "/oauth/token",
      handle: async (call) => {
        try {
          const reply = await exchange(state, call);
          onExchange();
          return reply;
        } catch (error) {
          if (error instanceof OauthError) return error.toReply();
          throw error;
        }
      },
    },
  ];
}

async function exchange(state: State, call: Call): Promise<Reply> {
  const form = readForm(call);
  const serviceAccountId = form("audience");
  const subjectToken = form("subject_token");
  if (state.accounts.find(serviceAccountId) === undefined) {
    throw new OauthError("invalid_target", `Service account ${serviceAccountId} not found`);
  }
  const now = state.clock.now();
  await verifySubjectToken(subjectToken, { federations: state.federations, serviceAccountId, now });
  const { token, expiresAt } = state.tokens.issue(serviceAccountId, { shortLifeMs: call.fault?.shortLifeMs });
  // RFC 8693 also asks for issued_token_type; whether the real host sends it is unconfirmed.
  const expiresIn = Math.floor((expiresAt - now) / 1000);
  return { status: 200, body: { access_token: token, token_type: "Bearer", expires_in: expiresIn } };
}

/** Checks the form and returns a reader of its fields. */
function readForm(call: Call): (name: string) => string {
  const contentType = call.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (contentType !== "application/x-www-form-urlencoded") {
    throw new OauthError("invalid_request", "Content-Type must be application/x-www-form-urlencoded");
  }
  const fields = new URLSearchParams(call.body);
  const read = (name: string): string => {
    const [value = "", ...more] = fields.getAll(name);
    if (value === "") throw new OauthError("invalid_request", `The parameter ${name} is missing`);
    if (more.length > 0) throw new OauthError("invalid_request", `The parameter ${name} is repeated`);
    return value;
  };
  if (read("grant_type") !== GRANT_TYPE)
    throw new OauthError("unsupported_grant_type", `Only ${GRANT_TYPE} is known`);
  for (const [name, wanted] of Object.entries(FIXED_FIELDS)) {
    if (read(name) !== wanted)
      throw new OauthError("invalid_request", `The parameter ${name} must be ${wanted}`);
  }
  return read;
}
