import * as pulumi from "@pulumi/pulumi";

const TIMEOUT_MS = 30_000;

interface LookupInputs {
  /** Root of the resource-manager API. */
  endpoint: string;
  token: string;
}

interface CloudList {
  clouds?: { id: string; name: string }[];
}

/**
 * The token arrives as an input and leaves no trace in what is returned. There is no `diff` of its own: a new token
 * is a change, and is shown as one. Runs do not differ while the token has life left, since `getIamToken` then
 * returns the same one; hiding the difference here would leave a dead token in the state instead.
 */
class Lookup implements pulumi.dynamic.ResourceProvider<LookupInputs> {
  async create(inputs: LookupInputs): Promise<pulumi.dynamic.CreateResult> {
    const { id, name } = await this.firstCloud(inputs);
    return { id, outs: { endpoint: inputs.endpoint, name } };
  }

  async update(_id: string, _olds: LookupInputs, news: LookupInputs): Promise<pulumi.dynamic.UpdateResult> {
    const { name } = await this.firstCloud(news);
    return { outs: { endpoint: news.endpoint, name } };
  }

  private async firstCloud({ endpoint, token }: LookupInputs): Promise<{ id: string; name: string }> {
    const response = await fetch(`${endpoint}/resource-manager/v1/clouds`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok)
      throw new Error(`The list of clouds was refused: HTTP ${response.status} from ${endpoint}`);
    const cloud = ((await response.json()) as CloudList).clouds?.[0];
    if (!cloud) throw new Error("This account sees no cloud; give it a role in one");
    return cloud;
  }
}

/** What {@link FirstCloud} takes. */
export interface FirstCloudArgs {
  readonly endpoint: pulumi.Input<string>;
  /** An IAM token; kept as a secret. */
  readonly token: pulumi.Input<string>;
}

/** The first cloud that the bearer of a token can see. */
export class FirstCloud extends pulumi.dynamic.Resource {
  /** The cloud's name. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: FirstCloudArgs, opts?: pulumi.CustomResourceOptions) {
    super(new Lookup(), name, { name: undefined, ...args, token: pulumi.secret(args.token) }, opts);
  }
}
