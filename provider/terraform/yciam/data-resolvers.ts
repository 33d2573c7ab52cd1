import { type Explanation } from "../../app";
import { type ObjectValue } from "../cty/value";
import { type DataSource } from "../definition";
import { attribute, nested, schema } from "../schema";
import { diagnosed } from "./errors";
import { type Identity } from "./identity";

const output = (name: string, description: string) =>
  attribute({ name, type: "string", computed: true, description });

const SCHEMA = schema({
  description:
    "How each resolver fares with the provider's configuration here, and which one answers. Nothing of it is secret.",
  attributes: [
    attribute({
      name: "verify",
      type: "bool",
      optional: true,
      description:
        "Ask for a token really, in place of looking at the configuration alone. Default: `false`.",
    }),
    nested({
      name: "resolvers",
      nesting: "list",
      computed: true,
      description: "Every resolver, in the order tried.",
      attributes: [
        output("resolver", "Its name, such as `serviceAccountKey`."),
        output("outcome", "`used`, `unavailable`, `failed` or `notTried`."),
        output("reason", "Why it gave no token."),
        output("remedy", "What would change that."),
      ],
    }),
    output("chosen", "Name of the resolver that answers; null when none does."),
    attribute({
      name: "verified",
      type: "bool",
      computed: true,
      description: "Whether a token was really asked for.",
    }),
  ],
});

/** `data "yciam_resolvers"`. */
export const resolversData: DataSource<Identity> = {
  schema: SCHEMA,
  read: (values, identity, call) =>
    diagnosed(SCHEMA.type, call.signal, async () => {
      const verify = values["verify"] === true;
      const explanation = await identity.app({}, call).explain({ verify, signal: call.signal });
      return { ...values, ...toValues(explanation) };
    }),
};

/** How long each took is left out: no two plans would be alike. */
function toValues({ resolvers, chosen, verified }: Explanation): ObjectValue {
  return {
    resolvers: resolvers.map(({ resolver, outcome, reason = null, remedy = null }) => ({
      resolver,
      outcome,
      reason,
      remedy,
    })),
    chosen: chosen ?? null,
    verified,
  };
}
