import { randomBytes } from "node:crypto";
import { type IssuedAccessKey } from "./access-keys";
import { ApiError } from "./errors";
import { type Call, type Reply, type Route } from "./http";
import { nanoTimestamp, newId } from "./ids";
import { jsonBody, requiredField, textField } from "./json-body";
import { authenticate, type State } from "./state";

const MIN_SECONDS = 15 * 60;
const MAX_SECONDS = 12 * 3600;

/** TemporaryAccessKeyService over REST. */
export function accessKeyRoutes(state: State): Route<"ephemeralAccessKeys">[] {
  return [
    {
      name: "ephemeralAccessKeys",
      method: "POST",
      path: "/iam/aws-compatibility/v1/ephemeralAccessKeys",
      handle: async (call) => {
        const key = issue(state, call);
        await state.settings.onAccessKey(key);
        state.accessKeys.push(key);
        return keyReply(key);
      },
    },
  ];
}

function keyReply({ accessKeyId, secret, sessionToken, expiresAt }: IssuedAccessKey): Reply {
  return { status: 200, body: { accessKeyId, secret, sessionToken, expiresAt: nanoTimestamp(expiresAt) } };
}

function issue(state: State, call: Call): IssuedAccessKey {
  const token = authenticate(state, call);
  const body = jsonBody(call);
  const sessionName = requiredField(body, "sessionName", 64);
  // Unconfirmed texts, here and below.
  if (!/^[\w+=,.@-]*$/.test(sessionName))
    throw new ApiError(
      3,
      "Validation failed:\n  - sessionName: Field does not match the pattern /[\\w+=,.@-]*/",
    );
  const policy = textField(body, "policy", 2048);
  const subjectId = textField(body, "subjectId", 50) ?? token.subjectId;
  if (!state.accounts.mayCreateAccessKeys(token.subjectId, subjectId))
    throw new ApiError(7, "Permission denied");
  const lifeMs = call.fault?.shortLifeMs ?? secondsOf(textField(body, "duration", 50)) * 1000;
  return {
    accessKeyId: newId(),
    secret: `YC${randomBytes(31).toString("base64url").slice(0, 41)}`,
    sessionToken: `s1.${randomBytes(212).toString("base64url").slice(0, 282)}`,
    subjectId,
    sessionName,
    policy,
    // A key never outlives the token.
    expiresAt: Math.min(state.clock.now() + lifeMs, token.expiresAt),
  };
}

/** Seconds of a google.protobuf.Duration; without one a key lives as long as it can. */
function secondsOf(duration = `${MAX_SECONDS}s`): number {
  const seconds = Number(/^(\d+(?:\.\d{1,9})?)s$/.exec(duration)?.[1]);
  if (Number.isNaN(seconds)) throw new ApiError(3, "Validation failed:\n  - duration: Must be a duration");
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS)
    throw new ApiError(3, "Validation failed:\n  - duration: Must be from 15m to 12h");
  return seconds;
}
