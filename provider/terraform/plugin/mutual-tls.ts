import { X509Certificate } from "node:crypto";
import { type SecureServerOptions } from "node:http2";
import { createCertificate } from "../../tls/certificate";
import { type Env } from "./handshake";

/** What AutoMTLS adds to the server and to the handshake line. */
export interface MutualTls {
  readonly options: SecureServerOptions;
  /** DER; goes into field 6 of the handshake line, and the host trusts exactly this one. */
  readonly certificate: Buffer;
}

/**
 * AutoMTLS: only the host that started this process can connect, since only it has the key to the certificate in
 * `PLUGIN_CLIENT_CERT`. Undefined when the host asks for none (`TF_DISABLE_PLUGIN_TLS`).
 *
 * @param now milliseconds since the epoch
 * @throws when the host's certificate cannot be read: serving without it would let anyone in
 */
export function mutualTls(env: Env, now: number): MutualTls | undefined {
  const ca = env["PLUGIN_CLIENT_CERT"];
  if (!ca) return undefined;
  assertReadable(ca);
  const { der, pem, privateKey } = createCertificate(now);
  return {
    certificate: der,
    options: {
      cert: pem,
      key: privateKey,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
    },
  };
}

function assertReadable(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new Error("PLUGIN_CLIENT_CERT does not hold a certificate in PEM form");
  }
}
