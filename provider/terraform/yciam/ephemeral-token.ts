import { RESULT, type TokenResult } from "../../core/token/result";
import { type CallContext, type EphemeralResource, type Renewed } from "../definition";
import { schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity } from "./identity";
import { overrideParts, pickOverrides } from "./options";
import { outputsOf, valuesOf } from "./outputs";
import { warnAt, warning } from "./renewal";
import { validateOptions } from "./validation";

const { attributes, blocks } = overrideParts();
const SCHEMA = schema({
  description:
    "A Yandex Cloud IAM token with at least `min_remaining_validity` left. It is in no state and in no plan.",
  attributes: [...attributes, ...outputsOf(RESULT)],
  blocks,
});

/** `ephemeral "yciam_token"`. Nothing is closed: the token lives on, since others may hold the same one. */
export function ephemeralToken(base: Base): EphemeralResource<Identity> {
  return {
    schema: SCHEMA,
    validate: (values) => validateOptions(pickOverrides(values), SCHEMA.type, base),
    open: (values, identity, call) =>
      diagnosed(SCHEMA.type, call.signal, async () => {
        const app = identity.app(toConfig(pickOverrides(values)), call);
        const token = await app.getIamToken(call.signal);
        return { result: { ...values, ...valuesOf(RESULT, { ...token }) }, ...firstWarning(token, base) };
      }),
    renew: async (bytes, _identity, call) => warn(bytes, base, call),
  };
}

/** What a warning needs to know of a token. The host keeps this until the renewal, so the token is not in it. */
interface Dying {
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly fingerprint: string;
}

function firstWarning({ expiresAt, fingerprint }: TokenResult, { context }: Base): Renewed {
  const renewAt = warnAt(expiresAt, context.now());
  if (renewAt === undefined || expiresAt === undefined) return {};
  const dying: Dying = { expiresAt, fingerprint };
  return { renewAt, private: Buffer.from(JSON.stringify(dying)) };
}

/** An opened token cannot be replaced. So its user is warned before it dies, and when it has died. */
function warn(bytes: Uint8Array | undefined, { context, logger }: Base, call: CallContext): Renewed {
  if (!bytes?.length) return {};
  const { expiresAt, fingerprint } = JSON.parse(Buffer.from(bytes).toString()) as Dying;
  const { summary, detail, next } = warning(expiresAt, context.now());
  logger.warn(detail, { fingerprint });
  call.warn({ summary, detail });
  return { private: bytes, ...(next && { renewAt: next }) };
}
