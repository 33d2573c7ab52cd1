import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** A key and its certificate, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** What a certificate says; the defaults are right for a server at 127.0.0.1. */
export interface CertificateOptions {
  /** Host names and IPv4 addresses. */
  names?: string[];
  notBefore?: Date;
  notAfter?: Date;
}

/** A certificate authority made for one test: no program trusts it unless told to. */
export interface Authority {
  /** PEM, to be trusted. */
  cert: string;
  issue(options?: CertificateOptions): Certificate;
}

const DAY = 24 * 3600_000;
const EC_SHA256 = sequence(oid([42, 134, 72, 206, 61, 4, 3, 2]));

/** Makes an authority with a real key. */
export function createAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = commonName("Test authority");
  const isAuthority = extension([85, 29, 19], sequence(der(0x01, Buffer.from([0xff]))));
  const cert = certificate({
    issuer,
    subject: issuer,
    publicKey,
    signer: privateKey,
    extensions: [isAuthority],
  });
  return {
    cert,
    issue: (options = {}) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = (options.names ?? ["127.0.0.1", "localhost"]).map(alternativeName);
      const extensions = [extension([85, 29, 17], sequence(...names))];
      const parts = {
        issuer,
        subject: commonName("server"),
        publicKey: pair.publicKey,
        signer: privateKey,
        extensions,
      };
      const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      return { key, cert: certificate({ ...parts, ...options }) };
    },
  };
}

interface Parts extends CertificateOptions {
  issuer: Buffer;
  subject: Buffer;
  publicKey: KeyObject;
  signer: KeyObject;
  extensions: Buffer[];
}

/** X.509 v3 (RFC 5280), just what TLS needs. */
function certificate(parts: Parts): string {
  const { issuer, subject, publicKey, signer, extensions } = parts;
  const { notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + DAY) } = parts;
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    EC_SHA256,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", signed, signer)]);
  const whole = sequence(signed, EC_SHA256, der(0x03, signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${whole.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...items: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(items));
}

function oid(bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\..*/g, "")}Z`));
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid([85, 4, 3]), der(0x0c, Buffer.from(name)))));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4
    ? der(0x87, Buffer.from(name.split(".").map(Number)))
    : der(0x82, Buffer.from(name));
}

function extension(id: number[], value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}
