import type { Context } from "../core/context";
import { formatDuration } from "../core/options/duration";
import { CredentialError } from "../core/words/errors";
import { isObject, tryParseObject } from "../core/words/json";
import { option, say, type Text } from "../core/words/message";
import { defineResolver, unavailable } from "../core/chain/resolver";
import { Secret } from "../core/words/secret";
import { readExpiresIn } from "../core/token/life";
import { digest } from "../core/token/token";
import { readBearer } from "./shared/bearer";

const PATH = "functionContext.token";

/** What a Cloud Function is handed at each invocation. */
export const functionContext = defineResolver({
  name: "functionContext",
  summary: "The token that a Cloud Function with a service account gets in its `context`.",
  options: {
    token: {
      kind: "secret",
      json: true,
      doc: "`context.token` of the current invocation, or the whole `context`: the object itself, or its JSON.",
    },
  },
  async resolve({ options, source, context, iam }) {
    if (options.token === undefined) {
      return unavailable(
        "no function context is given",
        say`attach a service account to the function and set ${option(PATH)} to its context.token`,
      );
    }
    const from = source("token");
    const handed = readContext(options.token, from);
    const key = digest(handed.token.reveal());
    const expiresAt = firstExpiry(context, key, iam.clock.now() + handed.lifeMs);
    const ago = iam.clock.now() - expiresAt;
    if (ago >= 0) throw expired(from, ago);
    return { id: `functionContext ${key}`, token: async () => ({ token: handed.token, expiresAt }) };
  },
});

interface Handed {
  readonly token: Secret;
  readonly lifeMs: number;
}

function readContext(raw: Secret, from: Text): Handed {
  const fail = (problem: Text): never => {
    throw new CredentialError(say`${from} ${problem}`, PATH);
  };
  const outer = tryParseObject(raw.reveal());
  if (outer === undefined) {
    return fail(
      say`is not the object that a function gets in context.token, nor its JSON. A bare token belongs in ${option("iamToken.token")}.`,
    );
  }
  const fields = isObject(outer["token"]) ? outer["token"] : outer;
  const { access_token: token, expires_in: seconds } = fields;
  if (typeof token !== "string" || token === "")
    return fail("has no access_token: is a service account attached to the function?");
  const lifeMs = readExpiresIn(seconds, 0);
  if (typeof lifeMs === "string")
    return fail(`${lifeMs}, so nobody can tell whether the token still lives. Pass the object whole.`);
  return { token: readBearer(new Secret(token), from, PATH), lifeMs };
}

/**
 * `expires_in` counts from the moment the object was made. One that is handed in again later is the same object, so
 * the earliest end ever worked out for its token holds: timers of a function stand still, the wall clock does not.
 */
function firstExpiry(context: Context, key: string, expiresAt: number): number {
  const { contextEnds } = context.session;
  const seen = contextEnds.get(key) ?? contextEnds.add(key, { expiresAt });
  seen.expiresAt = Math.min(seen.expiresAt, expiresAt);
  return seen.expiresAt;
}

function expired(from: Text, agoMs: number): CredentialError {
  return new CredentialError(
    say`the token in ${from} died ${formatDuration(agoMs)} ago. A context belongs to one invocation: pass that of the current one, and keep none outside the handler. A prepared instance may be handed an old one by the platform itself; there, use ${option("instanceMetadata")}.`,
    PATH,
  );
}
