import type * as nodeModule from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type * as handlers from "../../provider/dynamic";
import { outputs, SECRET_GROUPS, SECRET_OUTPUTS } from "../../provider/rows";
import type { IamTokenArgs } from "./args";
import type { GetIamTokenResult } from "./generated/result";
import { pathFrom } from "./package-path";
import { markSecrets } from "./secret-groups";

const dynamicPath = pathFrom(
  process.cwd(),
  "yciam/dynamic",
  join(__dirname, "../../provider/dynamic/index.js"),
);

// Pulumi writes the text of these functions into the state, and another process runs it in the program's folder. So
// they hold nothing but this path. It is empty where the package is found by its name.
const loadDynamic = (): typeof handlers => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const moduleApi = require("node:module") as typeof nodeModule;
  const name = dynamicPath === "" ? "yciam/dynamic" : `./${dynamicPath}`;
  return moduleApi.createRequire(`${process.cwd()}/index.js`)(name) as typeof handlers;
};

type Properties = handlers.Properties;

const provider: pulumi.dynamic.ResourceProvider = {
  check: async (_olds, news: Properties) => loadDynamic().check(news),
  create: async (inputs: Properties) => loadDynamic().create(inputs),
  diff: async (id, olds: Properties, news: Properties) => loadDynamic().diff(id, olds, news),
  update: async (id, olds: Properties, news: Properties) => loadDynamic().update(id, olds, news),
  read: async (id, olds: Properties = {}) => loadDynamic().read(id, olds),
};

/** Pulumi takes properties without a value for outputs. */
const OUTPUTS = Object.fromEntries(Object.keys(outputs).map((name) => [name, undefined]));

/** The fields of the result as outputs. A resource has each of them, though its value may be undefined. */
type Outputs = {
  readonly [K in keyof GetIamTokenResult]-?: pulumi.Output<pulumi.Unwrap<GetIamTokenResult[K]>>;
};

const Resource = pulumi.dynamic.Resource as unknown as new (
  ...args: ConstructorParameters<typeof pulumi.dynamic.Resource>
) => pulumi.dynamic.Resource & Outputs;

/**
 * An IAM token that is kept in the state, as a secret, and renewed by an update only when less than
 * `minRemainingValidity` (here `1h`) is left of it: dependants see one value for most of its 12 hours. Whoever can
 * decrypt the state can use the token; where nothing needs the stable value, prefer `getIamToken`. Deleting the resource
 * leaves the token alive, since others may hold the same one.
 *
 * A change of the environment, such as another credential there, takes effect when the token is renewed:
 * `pulumi up --replace URN` does that at once.
 */
export class IamToken extends Resource {
  constructor(name: string, args: IamTokenArgs = {}, options: pulumi.CustomResourceOptions = {}) {
    const others = options.additionalSecretOutputs ?? [];
    const secretOutputs = [...SECRET_OUTPUTS, ...SECRET_GROUPS, ...others];
    super(
      provider,
      name,
      { ...OUTPUTS, ...markSecrets(args ?? {}) },
      { ...options, additionalSecretOutputs: secretOutputs },
    );
  }
}
