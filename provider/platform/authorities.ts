import { readFileSync } from "node:fs";
import type * as TlsModule from "node:tls";

/** As newer Nodes have it. */
type Tls = typeof TlsModule & { getCACertificates?: (kind: "default" | "system") => string[] };

/**
 * One more authority, and all those that are trusted anyway. Before version 22.15 Node does not tell which certificates
 * NODE_EXTRA_CA_CERTS added; they are read from its file again.
 * @param pem certificates in PEM
 */
export function withAuthority(pem: string): string[] {
  const tls: Tls = process.getBuiltinModule("node:tls");
  const { getCACertificates } = tls;
  const known = getCACertificates?.("default") ?? [...tls.rootCertificates, ...extraAuthorities()];
  // The executable's runtime trusts the system's too, and does not count them among its default ones.
  const system = process.versions.bun === undefined ? [] : (getCACertificates?.("system") ?? []);
  return [...known, ...system, pem];
}

function extraAuthorities(): string[] {
  try {
    return [readFileSync(process.env.NODE_EXTRA_CA_CERTS ?? "", "utf8")];
  } catch {
    // Node warned of it when it started.
    return [];
  }
}
