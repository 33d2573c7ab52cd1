import { RESULT } from "../../core/token/result";
import { type EphemeralResource } from "../definition";
import { schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity, TOKEN } from "./identity";
import { overrideParts, pickOverrides } from "./options";
import { outputsOf, valuesOf } from "./outputs";
import { type Dying, firstWarning, warn } from "./renewal";
import { validating } from "./validation";

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
    validate: validating(SCHEMA.type, base, pickOverrides),
    open: (values, identity, call) =>
      diagnosed(SCHEMA.type, call.signal, async () => {
        const overrides = toConfig(pickOverrides(values));
        const token = await identity.use(overrides, TOKEN, call, (app) => app.getIamToken(call.signal));
        const { expiresAt, fingerprint } = token;
        const dying: Dying = { what: "IAM Token", expiresAt, fields: { fingerprint } };
        return { result: { ...values, ...valuesOf(RESULT, { ...token }) }, ...firstWarning(dying, base) };
      }),
    renew: async (bytes, _identity, call) => warn(bytes, base, call),
  };
}
