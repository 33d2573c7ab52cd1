import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/**
 * One more authority, and all those that Node trusts anyway. Before version 22.15 Node does not tell which certificates
 * NODE_EXTRA_CA_CERTS added; they are read from its file again.
 * @param pem certificates in PEM
 */
export function withAuthority(pem: string): string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: "default") => string[] };
  return [...(getCACertificates?.("default") ?? [...tls.rootCertificates, ...extraAuthorities()]), pem];
}

function extraAuthorities(): string[] {
  try {
    return [readFileSync(process.env.NODE_EXTRA_CA_CERTS ?? "", "utf8")];
  } catch {
    // Node warned of it when it started.
    return [];
  }
}
