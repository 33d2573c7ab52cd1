import { ApiError } from "./errors";
import { type Call, type Reply, type Route } from "./http";
import { jsonBody, requiredField, textField } from "./json-body";
import { verifyAssertion } from "./jwt-verify";
import { DEFAULT_SETTINGS } from "./settings";
import { authenticate, type State } from "./state";
import { type IssuedToken } from "./token-store";

/** Names of these routes. */
export type IamRouteName = "tokens" | "createForServiceAccount" | "revoke";

/** IamTokenService over REST. `onExchange` is called for each answer that gives out a token. */
export function iamRoutes(state: State, onExchange: () => void): Route<IamRouteName>[] {
  const give = (call: Call, subjectId: string): Reply => {
    const token = state.tokens.issue(subjectId, { shortLifeMs: call.fault?.shortLifeMs });
    onExchange();
    return tokenReply(token);
  };
  return [
    {
      name: "tokens",
      method: "POST",
      path: "/iam/v1/tokens",
      handle: (call) => give(call, identify(state, jsonBody(call))),
    },
    {
      name: "createForServiceAccount",
      method: "POST",
      path: "/iam/v1/tokens:createForServiceAccount",
      handle: (call) => give(call, impersonated(state, call)),
    },
    { name: "revoke", method: "POST", path: "/iam/v1/tokens:revoke", handle: (call) => revoke(state, call) },
  ];
}

function tokenReply(token: IssuedToken): Reply {
  return { status: 200, body: { iamToken: token.token, expiresAt: token.expiresAtText } };
}

function identify(state: State, body: Record<string, unknown>): string {
  const oauthToken = textField(body, "yandexPassportOauthToken", 4000);
  const jwt = textField(body, "jwt", 8000);
  if (oauthToken !== undefined && jwt !== undefined) {
    // The text of 2019; what the service says today is unconfirmed.
    const text = "Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.";
    throw new ApiError(3, `Request validation error: ${text}`);
  }
  if (oauthToken !== undefined) return state.oauthTokens.verify(oauthToken, state.clock.now());
  if (jwt !== undefined) return identifyByJwt(state, jwt);
  throw new ApiError(3, "Validation failed:\n  - identity: One of the options must be selected");
}

function identifyByJwt(state: State, jwt: string): string {
  return verifyAssertion(jwt, {
    audiences: audiences(state),
    now: state.clock.now(),
    toleranceMs: state.settings.iatToleranceMs,
    findKey: (kid) => state.keys.find(kid),
    accountExists: (id) => state.accounts.find(id) !== undefined,
  });
}

/** A client that found this address by discovery names one of its own, as an installation of one's own has. */
function audiences({ settings, ownAudiences }: State): string[] {
  const own = settings.audience === DEFAULT_SETTINGS.audience ? ownAudiences : [];
  return [settings.audience, ...own];
}

function impersonated(state: State, call: Call): string {
  const { subjectId } = authenticate(state, call);
  const target = requiredField(jsonBody(call), "serviceAccountId", 50);
  // Unconfirmed: whether an unknown account is told apart (5) or hidden (7), and both texts.
  if (state.accounts.find(target) === undefined) throw new ApiError(5, `Service account ${target} not found`);
  if (!state.accounts.mayCreateTokens(subjectId, target)) throw new ApiError(7, "Permission denied");
  return target;
}

function revoke(state: State, call: Call): Reply {
  authenticate(state, call);
  const token = state.tokens.findValid(requiredField(jsonBody(call), "iamToken", 4096));
  // Unconfirmed: what IAM answers for a token that is not valid.
  if (token === undefined) throw new ApiError(3, "The token to revoke is invalid");
  token.revoked = true;
  return { status: 200, body: { subjectId: token.subjectId } };
}
