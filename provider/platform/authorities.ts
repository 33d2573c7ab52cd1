import * as tls from "node:tls";

/**
 * What a connection is to trust beside one more authority: all that Node would trust without it. Node 20 does not tell
 * which certificates NODE_EXTRA_CA_CERTS added; there they are not among these.
 * @param pem certificates in PEM
 */
export function withAuthority(pem: string): string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: "default") => string[] };
  return [...(getCACertificates?.("default") ?? tls.rootCertificates), pem];
}
