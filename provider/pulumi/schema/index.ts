import { VERSION } from "../../core/words/version";
import { functions } from "../functions";
import { IAM_TOKEN, RESOURCE_MIN_REMAINING, RESOURCE_OPTIONS } from "../resource";
import { settings } from "../rows";
import { documentation } from "./docs";
import {
  groupTypes,
  type ObjectSchema,
  optionProperties,
  propertiesOf,
  type PropertySchemas,
} from "./options";

const INFO: PropertySchemas = {
  expiresAt: {
    type: "string",
    description: "When the token dies: RFC 3339, UTC. Absent where its life is not known.",
  },
  issuedAt: {
    type: "string",
    description: "When it was got: RFC 3339, UTC. Absent for a token that was handed in ready.",
  },
  refreshAt: { type: "string", description: "When a later call would renew it: RFC 3339, UTC." },
  resolver: { type: "string", description: "Name of the resolver that answered." },
  subjectId: {
    type: "string",
    description: "Whose token it is: the id of a service account or a user, when known.",
  },
  fingerprint: {
    type: "string",
    description: "First 12 hex digits of the token's SHA-256: compares two places without showing a token.",
  },
};

const RESULT: PropertySchemas = {
  token: { type: "string", description: "The IAM token.", secret: true },
  authorizationHeader: { type: "string", description: "`Bearer ` and the token.", secret: true },
  ...INFO,
};

const ATTEMPT = "yciam:index:ResolverAttempt";

const ATTEMPT_TYPE: ObjectSchema = {
  type: "object",
  description: "How one resolver fared.",
  properties: {
    resolver: { type: "string", description: "Its name." },
    outcome: { type: "string", description: "`used`, `unavailable`, `failed` or `notTried`." },
    reason: { type: "string", description: "Why it gave no token." },
    remedy: { type: "string", description: "What would change that." },
    durationMs: { type: "number", description: "How long it took, in milliseconds." },
  },
  required: ["resolver", "outcome", "durationMs"],
};

const EXPLANATION: PropertySchemas = {
  resolvers: {
    type: "array",
    items: { $ref: `#/types/${ATTEMPT}` },
    description: "Every resolver, in the order tried.",
  },
  chosen: { type: "string", description: "Name of the resolver that answers; absent when none does." },
  verified: { type: "boolean", description: "Whether a token was really asked for." },
};

const OUTPUTS: Readonly<Record<string, { properties: PropertySchemas; required: readonly string[] }>> = {
  "yciam:index:getIamToken": {
    properties: RESULT,
    required: ["token", "authorizationHeader", "resolver", "fingerprint"],
  },
  "yciam:index:getIamTokenInfo": { properties: INFO, required: ["resolver", "fingerprint"] },
  "yciam:index:explainResolvers": { properties: EXPLANATION, required: ["resolvers", "verified"] },
};

/** The package schema, made from the rows of the resolvers and the settings. */
export function createSchema(): object {
  return {
    name: "yciam",
    displayName: "Yandex Cloud IAM",
    version: VERSION,
    description: "Yandex Cloud IAM tokens, as secrets.",
    keywords: ["pulumi", "yandex", "yandex-cloud", "iam", "token", "category/utility"],
    license: "Apache-2.0",
    language: LANGUAGES,
    config: { variables: optionProperties() },
    provider: { description: documentation.provider, inputProperties: optionProperties() },
    types: { ...groupTypes(), [ATTEMPT]: ATTEMPT_TYPE },
    resources: { [IAM_TOKEN]: resourceSchema() },
    functions: Object.fromEntries(
      Object.entries(functions).map(([token, { own }]) => [token, functionSchema(token, own)]),
    ),
  };
}

const README = `# yciam

Yandex Cloud IAM tokens for Pulumi programs, as secrets. It needs the plugin \`pulumi-resource-yciam\`.

    import pulumi
    import pulumi_yciam as yciam

    iam = yciam.get_iam_token_output()
    pulumi.export("authorization", iam.authorization_header)

Use the functions that end in \`_output\`: the plain ones drop the mark of secrecy.
`;

const LANGUAGES = {
  nodejs: { respectSchemaVersion: true },
  python: { respectSchemaVersion: true, pyproject: { enabled: true }, readme: README },
  go: {
    respectSchemaVersion: true,
    importBasePath: "yciam/sdk/go/yciam",
    generateResourceContainerTypes: true,
  },
  csharp: { respectSchemaVersion: true },
  java: {},
};

function functionSchema(token: string, own: Parameters<typeof propertiesOf>[0]): object {
  const name = token.split(":").pop() as keyof typeof documentation;
  return {
    description: documentation[name],
    inputs: { type: "object", properties: { ...optionProperties(), ...propertiesOf(own) } },
    outputs: { type: "object", ...OUTPUTS[token] },
  };
}

function resourceSchema(): object {
  const { minRemainingValidity, ...rest } = settings;
  const lasting = {
    minRemainingValidity: { ...minRemainingValidity, default: RESOURCE_MIN_REMAINING, env: [] },
  };
  return {
    description: documentation.IamToken,
    inputProperties: {
      ...optionProperties({ ...rest, ...lasting } as never),
      ...propertiesOf(RESOURCE_OPTIONS),
    },
    properties: RESULT,
    required: ["token", "authorizationHeader", "resolver", "fingerprint"],
  };
}
