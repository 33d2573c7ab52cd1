import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";
import { bits, integer, octets, oid, sequence, set, tagged, time, utf8, yes } from "./der";

/** A self-signed certificate and its private key. */
export interface Certificate {
  readonly der: Buffer;
  readonly pem: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

const BACKDATED_MS = 5 * 60_000;
const LIFE_MS = 365 * 24 * 60 * 60_000;

/**
 * Makes what go-plugin's AutoMTLS makes for itself (`mtls.go`): a self-signed CA certificate, for use as server and
 * client. Node has no call to create certificates. The key is of P-256, which costs 3 ms less per start than the P-521
 * of Terraform and OpenTofu.
 *
 * @param now milliseconds since the epoch; it is valid from five minutes before, for a year
 * @param hosts names and IPv4 addresses that it is for; the first one names its subject
 */
export function createCertificate(now: number, hosts: readonly string[] = ["localhost"]): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signatureAlgorithm = sequence(oid(ECDSA_WITH_SHA256));
  const body = toBeSigned(publicKey, signatureAlgorithm, now, hosts);
  const der = sequence(body, signatureAlgorithm, bits(sign("sha256", body, privateKey)));
  return { der, pem: toPem(der), privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

function toBeSigned(
  publicKey: KeyObject,
  signatureAlgorithm: Buffer,
  now: number,
  hosts: readonly string[],
): Buffer {
  const version3 = tagged(0, integer(Buffer.from([2])));
  const name = sequence(
    set(sequence(oid("2.5.4.3"), utf8(hosts[0] ?? ""))),
    set(sequence(oid("2.5.4.10"), utf8("yciam"))),
  );
  const validity = sequence(time(now - BACKDATED_MS), time(now + LIFE_MS));
  const key = publicKey.export({ type: "spki", format: "der" });
  return sequence(version3, serial(), signatureAlgorithm, name, validity, name, key, extensions(hosts));
}

/** 127 random bits. The first octet is kept in 0x40..0x7f: positive, and never padded, as DER demands. */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return integer(bytes);
}

function extensions(hosts: readonly string[]): Buffer {
  const critical = (id: string, value: Buffer) => sequence(oid(id), yes(), octets(value));
  const plain = (id: string, value: Buffer) => sequence(oid(id), octets(value));
  const digitalSignatureAndCertSign = Buffer.from([0b1000_0100]);
  return tagged(
    3,
    sequence(
      critical("2.5.29.19", sequence(yes())),
      critical("2.5.29.15", bits(digitalSignatureAndCertSign, 2)),
      plain("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
      plain("2.5.29.17", sequence(...hosts.map(alternativeName))),
    ),
  );
}

/** A GeneralName: an iPAddress or a dNSName (RFC 5280, 4.2.1.6). */
function alternativeName(host: string): Buffer {
  return isIPv4(host)
    ? tagged(7, Buffer.from(host.split(".").map(Number)), false)
    : tagged(2, Buffer.from(host, "ascii"), false);
}

/** PEM of a certificate. Lines are matched, not split: a body that is a multiple of 64 characters must not end in an empty line. */
export function toPem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
