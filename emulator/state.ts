import { type IssuedAccessKey } from "./access-keys";
import { Accounts } from "./accounts";
import { type Clock, createClock } from "./clock";
import { ApiError } from "./errors";
import { Federations } from "./federations";
import { bearerOf, type Call } from "./http";
import { Keys } from "./keys";
import { OauthTokens } from "./oauth-tokens";
import { type Settings } from "./settings";
import { type IssuedToken, TokenStore } from "./token-store";

/** All that the emulator remembers. */
export interface State {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly keys: Keys;
  readonly oauthTokens: OauthTokens;
  readonly federations: Federations;
  readonly tokens: TokenStore;
  /** Every ephemeral access key made, oldest first. */
  readonly accessKeys: IssuedAccessKey[];
  /** The audiences of this very address, known once it is open. */
  ownAudiences: readonly string[];
}

/** A new, empty state. The settings object is kept, so that a change to it counts at once. */
export function createState(settings: Settings, now?: () => number): State {
  const clock = createClock(settings, now);
  return {
    settings,
    clock,
    accounts: new Accounts(),
    keys: new Keys(),
    oauthTokens: new OauthTokens(),
    federations: new Federations(),
    tokens: new TokenStore(settings, clock),
    accessKeys: [],
    ownAudiences: [],
  };
}

/** The token that the call presents as Bearer; throws ApiError (16) when it has none that is valid. */
export function authenticate(state: State, call: Call): IssuedToken {
  const bearer = bearerOf(call.headers);
  // Unconfirmed: the real text for a missing header is not published.
  if (bearer === undefined) throw new ApiError(16, "The Authorization header with an IAM token is missing");
  return authenticateToken(state, bearer);
}

/** The record of a token; throws ApiError (16) for one that is not valid. */
export function authenticateToken(state: State, text: string): IssuedToken {
  const token = state.tokens.findValid(text);
  if (token === undefined) throw new ApiError(16, "The token is invalid");
  return token;
}
