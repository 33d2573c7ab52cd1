import {
  type Call,
  CredentialError,
  defineResolver,
  digest,
  type HttpReply,
  keySource,
  option,
  OptionError,
  parseJson,
  readServiceUrl,
  type ResolverInput,
  say,
  Secret,
  ServiceError,
  unavailable,
} from "yciam/resolvers";

const options = {
  address: { kind: "url", env: ["VAULT_ADDR"], doc: "Address of Vault, `https://host[:port]`." },
  token: { kind: "secret", env: ["VAULT_TOKEN"], doc: "A Vault token that may read the secret." },
  namespace: { kind: "string", env: ["VAULT_NAMESPACE"], doc: "Namespace, in Vault Enterprise or HCP." },
  mount: { kind: "string", env: ["YCIAM_VAULT_MOUNT"], default: "secret", doc: "Where the KV engine is." },
  path: {
    kind: "string",
    env: ["YCIAM_VAULT_PATH"],
    doc: "Path of the secret below the mount, such as `yandex/deployer`.",
  },
  field: {
    kind: "string",
    env: ["YCIAM_VAULT_FIELD"],
    doc: "Field that holds the key file's text; without it the fields of the secret are those of the key file.",
  },
} as const;

type Input = ResolverInput<typeof options>;

/** An authorised key that is kept in HashiCorp Vault's KV engine, version 2. */
export const vault = defineResolver({
  name: "vault",
  summary: "An authorised key of a service account that is kept in HashiCorp Vault.",
  options,
  async resolve(input) {
    if (input.options.path === undefined) {
      return unavailable("no secret in Vault is named", say`set ${option("vault.path")} or YCIAM_VAULT_PATH`);
    }
    checkHeaders(input);
    const url = secretUrl(input);
    const token = required(input, "token");
    return {
      id: `vault ${url.href} ${input.options.namespace ?? ""} ${input.options.field ?? ""} ${digest(token.reveal())}`,
      // Who has the Vault token could get the IAM token anew, so it may encrypt the cached one.
      material: token,
      // The key is read at each exchange: one that was changed in Vault is taken from then on.
      token: async (call) => {
        const key = await readKey(url, token, input, call);
        return keySource(key, say`the secret ${url.pathname} in Vault`, "vault.path", input.iam).token(call);
      },
    };
  },
});

function required<N extends "address" | "token">({ options: given, source }: Input, name: N) {
  const value = given[name];
  if (value !== undefined) return value;
  throw new CredentialError(
    say`${source("path")} is set, but ${option(`vault.${name}`)} is not: set it, or ${options[name].env[0]}.`,
    `vault.${name}`,
  );
}

/** What goes into a header must be able to. */
function checkHeaders({ options: given, source }: Input): void {
  for (const name of ["token", "namespace"] as const) {
    const value = given[name];
    const text = value instanceof Secret ? value.reveal() : (value ?? "");
    if (!/[^\x21-\x7e]/.test(text)) continue;
    throw new OptionError(
      say`${source(name)} has a space, a line break or another character that none has.`,
      `vault.${name}`,
    );
  }
}

function secretUrl(input: Input): URL {
  const { options: given, source } = input;
  const root = readServiceUrl(required(input, "address"), source("address"), "vault.address");
  const segments = (name: "mount" | "path") => {
    const parts = (given[name] ?? "secret").replace(/^\/+|\/+$/g, "").split("/");
    if (parts.some((part) => ["", ".", ".."].includes(part)))
      throw new OptionError(
        say`${source(name)} is not a path in Vault, such as yandex/deployer.`,
        `vault.${name}`,
      );
    return parts.map(encodeURIComponent).join("/");
  };
  const prefix = root.pathname.replace(/\/+$/, "");
  return new URL(`${prefix}/v1/${segments("mount")}/data/${segments("path")}`, root);
}

async function readKey(url: URL, token: Secret, { options: given, source, context }: Input, call: Call) {
  const headers: Record<string, string | Secret> = { "x-vault-token": token };
  if (given.namespace !== undefined) headers["x-vault-namespace"] = given.namespace;
  const reply = await context
    .http({
      method: "GET",
      url: url.href,
      headers,
      signal: call.signal,
      timeoutMs: call.remaining(),
      retries: call.retries,
    })
    .catch((error: unknown) => {
      throw explain(error, url, source);
    });
  const fields = readFields(reply, url, source);
  if (given.field === undefined) return new Secret(JSON.stringify(fields));
  const value = fields[given.field];
  if (typeof value === "string") return new Secret(value);
  throw new CredentialError(
    say`${source("field")} names a field that the secret ${url.pathname} in Vault does not have as text. It has: ${Object.keys(fields).join(", ")}.`,
    "vault.field",
  );
}

/** The innermost of the reply's two `data`: the outer one is version 2's envelope. */
function readFields(reply: HttpReply, url: URL, source: Input["source"]): Readonly<Record<string, unknown>> {
  const { data } = parseJson(reply, "Vault's reply");
  const fields = (data as { data?: unknown } | null | undefined)?.data;
  if (typeof fields === "object" && fields !== null) return fields as Record<string, unknown>;
  throw new CredentialError(
    say`${url.pathname} in Vault is not a secret of a KV engine of version 2. Check ${source("mount")}.`,
    "vault.mount",
  );
}

function explain(error: unknown, url: URL, source: Input["source"]): unknown {
  if (!(error instanceof ServiceError)) return error;
  const { status } = error.reply;
  if (status === 403) {
    return new CredentialError(
      say`${error.text} The Vault token is not valid, or no policy of it lets it read ${url.pathname.replace(/^.*\/v1\//, "")}.`,
      "vault.token",
      error.reply,
    );
  }
  if (status !== 404) return error;
  return new CredentialError(
    say`${error.text} Vault has no such secret, or its newest version is deleted. Check ${source("mount")} and ${source("path")}.`,
    "vault.path",
    error.reply,
  );
}
