import { type ProviderDefinition } from "../definition";
import { schema } from "../schema";
import { resolversData } from "./data-resolvers";
import { tokenData, tokenInfoData } from "./data-token";
import { diagnose, diagnosed } from "./errors";
import { ephemeralAccessKey } from "./ephemeral-access-key";
import { ephemeralToken } from "./ephemeral-token";
import { kubeconfigFunction } from "./function-kubeconfig";
import { type Base, Identity } from "./identity";
import { providerParts } from "./options";
import { validating } from "./validation";

const SCHEMA = schema({
  description:
    "Yandex Cloud IAM tokens. With an empty configuration the environment decides whose: the first resolver that has a credential answers.",
  ...providerParts(),
});

/** All that this plugin offers. Nothing is asked of the network before a token is wanted. */
export function createProvider(base: Base): ProviderDefinition<Identity> {
  return {
    schema: SCHEMA,
    validate: validating(SCHEMA.type, base),
    configure: (values, { signal }) => diagnosed(SCHEMA.type, signal, async () => new Identity(base, values)),
    dataSources: {
      yciam_token: tokenData(base),
      yciam_token_info: tokenInfoData(base),
      yciam_resolvers: resolversData,
    },
    ephemeralResources: { yciam_token: ephemeralToken(base), yciam_access_key: ephemeralAccessKey(base) },
    functions: { kubeconfig: kubeconfigFunction },
    translate: (error) => diagnose(error, SCHEMA.type),
  };
}
