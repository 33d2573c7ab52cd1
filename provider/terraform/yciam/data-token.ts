import { type ObjectValue } from "../cty/value";
import { type DataSource } from "../definition";
import { attribute, type Attribute, schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity } from "./identity";
import { overrideAttributes, pickOverrides } from "./options";
import { INFO_ATTRIBUTES, infoValues, TOKEN_ATTRIBUTES, tokenValues } from "./token";
import { validateOptions } from "./validation";

/** A hash of the token, as elsewhere, would change with it. */
const ID = "yciam_token";

const TOKEN = {
  description:
    "A Yandex Cloud IAM token that **is kept in the state and in saved plans, in clear**. Where it can be done, use the ephemeral resource `yciam_token`, which is in neither.",
  attributes: [
    attribute({ name: "id", type: "string", computed: true, description: `Always \`${ID}\`.` }),
    ...TOKEN_ATTRIBUTES,
  ],
};

const INFO = {
  description: "All that is told of a token, but for the token: nothing of it is secret.",
  attributes: INFO_ATTRIBUTES,
};

/** `data "yciam_token"`. */
export function tokenData(base: Base): DataSource<Identity> {
  return read(base, TOKEN, (result) => ({ id: ID, ...tokenValues(result) }));
}

/** `data "yciam_token_info"`. */
export function tokenInfoData(base: Base): DataSource<Identity> {
  return read(base, INFO, infoValues);
}

function read(
  base: Base,
  outputs: { readonly description: string; readonly attributes: readonly Attribute[] },
  toValues: (...args: Parameters<typeof tokenValues>) => ObjectValue,
): DataSource<Identity> {
  const { description, attributes } = outputs;
  const own = schema({ description, attributes: [...overrideAttributes(), ...attributes] });
  return {
    schema: own,
    validate: (values) => validateOptions(pickOverrides(values), own.type, base),
    read: (values, identity, call) =>
      diagnosed(own.type, call.signal, async () => {
        const app = identity.app(toConfig(pickOverrides(values)), call);
        return { ...values, ...toValues(await app.getIamToken(call.signal)) };
      }),
  };
}
