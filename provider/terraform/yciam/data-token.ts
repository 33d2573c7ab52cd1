import { type OutputSpecs, RESULT, type TokenResult } from "../../core/token/result";
import { type ObjectValue } from "../cty/value";
import { type DataSource } from "../definition";
import { type Attribute, output, schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity, TOKEN } from "./identity";
import { overrideParts, pickOverrides } from "./options";
import { outputsOf, pickRows, valuesOf } from "./outputs";
import { validating } from "./validation";

/** Other providers take a hash of the result as the id. It would change with the token. */
const ID = "yciam_token";

const id = output({ name: "id", type: "string", description: `Always \`${ID}\`.` });

/** All that is told of a token, but for the token. */
const INFO = pickRows(RESULT, (_name, { secret }) => secret !== true);

/** `data "yciam_token"`. */
export function tokenData(base: Base): DataSource<Identity> {
  const description =
    "A Yandex Cloud IAM token that **is kept in the state and in saved plans, in clear**. Where it can be done, use the ephemeral resource `yciam_token`, which is in neither.";
  return tokenSource(base, { description, rows: RESULT, id });
}

/** `data "yciam_token_info"`. */
export function tokenInfoData(base: Base): DataSource<Identity> {
  const description = "All that is told of a token, but for the token: nothing of it is secret.";
  return tokenSource(base, { description, rows: INFO });
}

interface Told {
  readonly description: string;
  readonly rows: OutputSpecs;
  readonly id?: Attribute;
}

function tokenSource(base: Base, { description, rows, id }: Told): DataSource<Identity> {
  const { attributes, blocks } = overrideParts();
  const own = schema({
    description,
    attributes: [...attributes, ...(id ? [id] : []), ...outputsOf(rows)],
    blocks,
  });
  // With `count`, a host asks for the same token as often. A token goes with the app that had it, and its state with it.
  const states = new WeakMap<TokenResult, { readonly values: ObjectValue; readonly state: ObjectValue }>();
  return {
    schema: own,
    validate: validating(own.type, base, pickOverrides),
    read: (values, identity, call) =>
      diagnosed(own.type, call.signal, async () => {
        const overrides = toConfig(pickOverrides(values));
        const token = await identity.use(overrides, TOKEN, call, (app) => app.getIamToken(call.signal));
        const known = states.get(token);
        // One token is for equal options. An attribute that is no option could differ all the same.
        if (known?.values === values) return known.state;
        const state = { ...values, ...(id && { id: ID }), ...valuesOf(rows, { ...token }) };
        states.set(token, { values, state });
        return state;
      }),
  };
}
