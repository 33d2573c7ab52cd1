import type * as nodeModule from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type * as handlers from "../../provider/dynamic";
import type { IamTokenArgs } from "./args";
import { markSecrets, SECRET_GROUPS } from "./secret-groups";

// Pulumi writes the text of these functions into the state, and another process runs it. So they hold nothing and
// name no path: the package is found from the program's folder, by its name, when one of them is called.
const load = (): typeof handlers => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createRequire } = require("node:module") as typeof nodeModule;
  return createRequire(`${process.cwd()}/index.js`)("yciam/dynamic") as typeof handlers;
};

type Properties = handlers.Properties;

const provider: pulumi.dynamic.ResourceProvider = {
  check: async (_olds, news: Properties) => load().check(news),
  create: async (inputs: Properties) => load().create(inputs),
  diff: async (id, olds: Properties, news: Properties) => load().diff(id, olds, news),
  update: async (id, olds: Properties, news: Properties) => load().update(id, olds, news),
  delete: async (id, state: Properties) => load().remove(id, state),
};

const OUTPUTS = {
  token: undefined,
  authorizationHeader: undefined,
  expiresAt: undefined,
  issuedAt: undefined,
  refreshAt: undefined,
  resolver: undefined,
  subjectId: undefined,
  fingerprint: undefined,
};

/**
 * An IAM token that is kept in the state, as a secret, and renewed by an update only when less than
 * `minRemainingValidity` (here `1h`) is left of it: dependants see one value for most of its 12 hours. Whoever can
 * decrypt the state can use the token; where nothing needs the stable value, prefer `getIamToken`.
 *
 * A change of the environment, such as another credential there, takes effect when the token is renewed:
 * `pulumi up --replace URN` does that at once.
 */
export class IamToken extends pulumi.dynamic.Resource {
  /** The IAM token; secret. */
  declare readonly token: pulumi.Output<string>;
  /** `Bearer ` and the token; secret. */
  declare readonly authorizationHeader: pulumi.Output<string>;
  /** RFC 3339, UTC; absent where the token's life is not known. */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /** RFC 3339, UTC. */
  declare readonly issuedAt: pulumi.Output<string | undefined>;
  /** When the data source would renew it; RFC 3339, UTC. */
  declare readonly refreshAt: pulumi.Output<string | undefined>;
  /** Name of the resolver that answered. */
  declare readonly resolver: pulumi.Output<string>;
  /** Whose token it is, when known. */
  declare readonly subjectId: pulumi.Output<string | undefined>;
  /** First 12 hex digits of the token's SHA-256. */
  declare readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: IamTokenArgs = {}, options: pulumi.CustomResourceOptions = {}) {
    const secretOutputs = [
      "token",
      "authorizationHeader",
      ...SECRET_GROUPS,
      ...(options.additionalSecretOutputs ?? []),
    ];
    super(
      provider,
      name,
      { ...OUTPUTS, ...markSecrets(args ?? {}) },
      { ...options, additionalSecretOutputs: secretOutputs },
    );
  }
}
