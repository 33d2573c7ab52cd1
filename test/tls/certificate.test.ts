import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createCertificate, toPem } from "../../provider/tls/certificate";
import { useScratch } from "../terraform/support/scratch";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe("a certificate of our own", () => {
  const scratch = useScratch();

  it("is a certificate OpenSSL takes, 3000 times out of 3000", () => {
    for (let made = 0; made < 3000; made++) {
      const { pem, der } = createCertificate(NOW);
      const read = new X509Certificate(pem);
      expect(read.raw.equals(der)).to.equal(true);
      expect(read.verify(read.publicKey)).to.equal(true);
    }
  }).timeout(60_000);

  it("ends the PEM body without an empty line, whatever its length", () => {
    for (let length = 1; length <= 200; length++) {
      const body = toPem(Buffer.alloc(length, 1)).split("\n").slice(1, -2);
      expect(body.every((line) => line.length > 0 && line.length <= 64)).to.equal(true);
      expect(Buffer.from(body.join(""), "base64").length).to.equal(length);
    }
  });

  it("names localhost, may sign, and serves both ends", () => {
    const { pem, privateKey } = createCertificate(NOW);
    const read = new X509Certificate(pem);
    expect(read.checkHost("localhost")).to.equal("localhost");
    expect(read.ca).to.equal(true);
    expect(read.subject).to.equal(read.issuer);
    expect(read.keyUsage).to.deep.equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(read.checkPrivateKey(createPrivateKey(privateKey))).to.equal(true);
    expect(read.serialNumber).to.match(/^[4-7][0-9A-F]{31}$/);
  });

  it("names other hosts and addresses when told", () => {
    const read = new X509Certificate(createCertificate(NOW, ["*.api.example", "127.0.0.1"]).pem);
    expect(read.subjectAltName).to.equal("DNS:*.api.example, IP Address:127.0.0.1");
    expect([read.checkHost("iam.api.example"), read.checkIP("127.0.0.1")]).to.not.include(undefined);
    expect([read.checkHost("localhost"), read.checkIP("127.0.0.2")]).to.deep.equal([undefined, undefined]);
  });

  it("is valid from five minutes ago for a year, from 2050 on too, when dates have a longer form", () => {
    for (const now of [NOW, Date.UTC(2049, 11, 31, 23, 59, 0)]) {
      const read = new X509Certificate(createCertificate(now).pem);
      expect(Date.parse(read.validFrom)).to.equal(now - 300_000);
      expect(Date.parse(read.validTo)).to.equal(now + 365 * 86_400_000);
    }
  });

  it("passes the strict check of the openssl command", function () {
    if (!hasOpenssl) this.skip();
    const file = scratch.path("certificate.pem");
    writeFileSync(file, createCertificate(Date.now()).pem);
    const shown = execFileSync("openssl", ["x509", "-in", file, "-noout", "-text"]).toString();
    expect(shown).to.match(/Key Usage: critical\s+Digital Signature, Certificate Sign\s/);
    const strict = ["verify", "-x509_strict", "-check_ss_sig", "-CAfile", file, file];
    expect(execFileSync("openssl", strict).toString()).to.match(/OK/);
  });
});
