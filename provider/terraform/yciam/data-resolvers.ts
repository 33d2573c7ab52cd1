import { ATTEMPT, EXPLANATION } from "../../core/chain/explain";
import { type DataSource } from "../definition";
import { input, outputList, schema } from "../schema";
import { diagnosed } from "./errors";
import { type Identity } from "./identity";
import { outputsOf, pickRows, valuesOf } from "./outputs";

/** The durations are left out: with them, every plan would show a difference. */
const ROW = pickRows(ATTEMPT, (name) => name !== "durationMs");
const { resolvers, ...REST } = EXPLANATION;

const SCHEMA = schema({
  description:
    "How each resolver fares with the provider's configuration here, and which one answers. Nothing of it is secret.",
  attributes: [
    input({
      name: "verify",
      type: "bool",
      description: "Really ask for a token, and do not only look at the configuration. Default: `false`.",
    }),
    outputList({ name: "resolvers", description: resolvers.doc, attributes: outputsOf(ROW) }),
    ...outputsOf(REST, { verified: "bool" }),
  ],
});

/** `data "yciam_resolvers"`. */
export const resolversData: DataSource<Identity> = {
  schema: SCHEMA,
  read: (values, identity, call) =>
    diagnosed(SCHEMA.type, call.signal, async () => {
      const verify = values["verify"] === true;
      const { signal } = call;
      const explanation = await identity.use({}, { for: "resolvers" }, call, (app) =>
        app.explain({ verify, signal }),
      );
      const rows = explanation.resolvers.map((attempt) => valuesOf(ROW, { ...attempt }));
      return { ...values, resolvers: rows, ...valuesOf(REST, { ...explanation }) };
    }),
};
