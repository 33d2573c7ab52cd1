import { type Address, PROTOCOL_VERSION } from "./handshake";

/**
 * The value of `TF_REATTACH_PROVIDERS` that makes a CLI use a process already running.
 * Source: terraform `internal/command/meta_providers.go`; `Test` keeps the host from ending the process.
 *
 * @param providers full addresses, such as `registry.terraform.io/example/demo`
 */
export function reattachConfig(listening: Address, providers: readonly string[], pid: number): string {
  const config = {
    Protocol: "grpc",
    ProtocolVersion: PROTOCOL_VERSION,
    Pid: pid,
    Test: true,
    Addr: { Network: listening.network, String: listening.address },
  };
  return JSON.stringify(Object.fromEntries(providers.map((provider) => [provider, config])));
}

/** What to print for a person who started the plugin in debug mode. */
export function reattachHelp(config: string): string {
  return [
    "Plugin started for debugging; end it with Ctrl-C. In another shell, set",
    "",
    `  export TF_REATTACH_PROVIDERS='${config}'`,
    "",
    "and run terraform or tofu. They then use this process, without init for it.",
    "",
  ].join("\n");
}
