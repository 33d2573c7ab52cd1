import { ATTEMPT } from "../../core/chain/explain";
import { VERSION } from "../../core/words/version";
import { RELEASE } from "../../generated/release";
import { RESOURCE_SETTINGS } from "../../resource";
import { outputs } from "../../rows";
import { functions, type PluginFunction } from "../functions";
import { IAM_TOKEN } from "../resource";
import { documentation } from "./docs";
import { groupTypes, optionProperties, outputsOf, propertiesOf, type PropertySchemas } from "./options";

const ATTEMPT_TYPE = "yciam:index:ResolverAttempt";

/** The fields of answers that are no strings. */
const TYPES: PropertySchemas = {
  durationMs: { type: "number" },
  resolvers: { type: "array", items: { $ref: `#/types/${ATTEMPT_TYPE}` } },
  verified: { type: "boolean" },
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
    repository: RELEASE.repository,
    publisher: RELEASE.namespace,
    pluginDownloadURL: RELEASE.pluginDownloadURL,
    language: LANGUAGES,
    config: { variables: optionProperties() },
    provider: { description: documentation.provider, inputProperties: optionProperties() },
    types: { ...groupTypes(), [ATTEMPT_TYPE]: attemptType },
    resources: { [IAM_TOKEN]: resourceSchema() },
    functions: Object.fromEntries(
      Object.entries(functions).map(([token, row]) => [token, functionSchema(token, row)]),
    ),
  };
}

const attemptType = {
  type: "object",
  description: "How one resolver fared.",
  ...outputsOf(ATTEMPT, TYPES),
} as const;

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
    importBasePath: `${RELEASE.goModule}/yciam`,
    generateResourceContainerTypes: true,
  },
  csharp: { respectSchemaVersion: true, rootNamespace: RELEASE.dotnetNamespace },
  // Its build file is sdk/java/pom.xml, which takes the dependencies from here: Pulumi's own keeps the second from compilers.
  java: {
    basePackage: RELEASE.javaPackage,
    buildFiles: "none",
    dependencies: { "com.pulumi:pulumi": "1.36.1", "com.google.code.findbugs:jsr305": "3.0.2" },
  },
};

function functionSchema(token: string, row: PluginFunction): object {
  const name = token.split(":").pop() as keyof typeof documentation;
  const { own, required, answer } = row;
  const properties = { ...("run" in row ? optionProperties() : {}), ...propertiesOf(own) };
  return {
    description: documentation[name],
    inputs: { type: "object", properties, ...(required === undefined ? {} : { required }) },
    outputs: { type: "object", ...outputsOf(answer, TYPES) },
  };
}

function resourceSchema(): object {
  return {
    description: documentation.IamToken,
    inputProperties: optionProperties(RESOURCE_SETTINGS),
    ...outputsOf(outputs),
  };
}
