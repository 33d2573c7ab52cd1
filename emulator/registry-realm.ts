import { randomUUID } from "node:crypto";
import { ApiError } from "./errors";
import { type Call, type Reply, type Route } from "./http";
import { makeSigningKey, type SigningKey } from "./signing-key";
import { authenticateToken, type State } from "./state";

/** `iss` of the realm's tokens: what a registry is told to trust. */
export const REALM_ISSUER = "yciam-emulator";

const LIFETIME_SECONDS = 300;

/**
 * The realm of an image registry: it gives the user `iam`, whose password is an IAM token, a token of the registry. Whoever
 * is known may do all that he asks for. Source: distribution, docs/content/spec/auth (token.md, jwt.md).
 */
export function registryRoutes(state: State): Route<"registryToken" | "registryKeys">[] {
  let made: Promise<SigningKey> | undefined;
  const key = () => (made ??= makeSigningKey("ES256"));
  return [
    {
      name: "registryToken",
      method: "GET",
      path: "/registry/token",
      handle: async (call) => giveToken(state, call, await key()),
    },
    {
      name: "registryKeys",
      method: "GET",
      path: "/registry/keys",
      handle: async () => ({ status: 200, body: (await key()).jwks }),
    },
  ];
}

async function giveToken(state: State, call: Call, key: SigningKey): Promise<Reply> {
  const { subjectId } = authenticateToken(state, passwordOf(call));
  const iat = Math.floor(state.clock.now() / 1000);
  const token = await key.sign({
    iss: REALM_ISSUER,
    sub: subjectId,
    aud: call.query.get("service") ?? "",
    iat,
    nbf: iat,
    exp: iat + LIFETIME_SECONDS,
    jti: randomUUID(),
    access: call.query.getAll("scope").flatMap((scopes) => scopes.split(" ").map(accessOf)),
  });
  return { status: 200, body: { token, expires_in: LIFETIME_SECONDS } };
}

/** `repository:name:pull,push`; a name may have a port, and so a colon. */
function accessOf(scope: string): object {
  const [, type, name, actions = ""] = /^([^:]*):(.*):([^:]*)$/.exec(scope) ?? [];
  return { type, name, actions: actions.split(",") };
}

function passwordOf({ headers }: Call): string {
  const [, encoded = ""] = /^Basic (\S+)$/i.exec(headers.authorization ?? "") ?? [];
  const [, password] = /^iam:(.+)$/.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  if (password === undefined)
    throw new ApiError(16, "The user iam with an IAM token as the password is missing");
  return password;
}
