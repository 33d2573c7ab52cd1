/** The handshake between a go-plugin host and its plugin. Source: go-plugin `server.go` and `client.go`. */

/** Terraform's and OpenTofu's magic cookie: tells a host's start from a person's. It is no secret. */
export const MAGIC_COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
} as const;

/** The one protocol version served: nested attributes need 6. */
export const PROTOCOL_VERSION = 6;

/** Environment variables, as in `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where the plugin listens, in Go's words. */
export interface Address {
  readonly network: "unix" | "tcp";
  /** A socket's path, or `127.0.0.1:port`. */
  readonly address: string;
}

/** What to tell a person who started the plugin by hand; undefined when a host did. */
export function refusal(env: Env, program: string): string | undefined {
  if (env[MAGIC_COOKIE.name] === MAGIC_COOKIE.value) return undefined;
  return [
    `${program} is a plugin of Terraform and OpenTofu, and is not meant to be started directly.`,
    `Name it under required_providers in a configuration, and run terraform or tofu there.`,
    `To debug it, start it with --debug.`,
  ].join("\n");
}

/**
 * What to say when the host does not speak our protocol version; undefined when it does, or does not tell.
 *
 * The plugin serves all the same, as Go plugins do. The host then names both versions to its user; it would take a
 * plugin that leaves for a broken file.
 */
export function versionMismatch(env: Env, program: string): string | undefined {
  const offered = (env["PLUGIN_PROTOCOL_VERSIONS"] ?? "").split(",").filter(Boolean).map(Number);
  if (offered.length === 0 || offered.includes(PROTOCOL_VERSION)) return undefined;
  return (
    `${program} speaks plugin protocol ${PROTOCOL_VERSION}, and this host offers ${offered.join(", ")}. ` +
    `Protocol ${PROTOCOL_VERSION} needs Terraform 1.0 or newer, or OpenTofu.`
  );
}

/**
 * The line the host waits for on stdout, newline included. Nothing may come before it.
 *
 * @param certificate the server's certificate as DER, when AutoMTLS is on
 */
export function handshakeLine(env: Env, listening: Address, certificate?: Buffer): string {
  const coreVersion = 1;
  const field = certificate?.toString("base64").replace(/=+$/, "") ?? "";
  const fields = [coreVersion, PROTOCOL_VERSION, listening.network, listening.address, "grpc", field];
  // An older host splits into six and would read a seventh field as part of the certificate.
  if (env["PLUGIN_MULTIPLEX_GRPC"]) fields.push("false");
  return `${fields.join("|")}\n`;
}
