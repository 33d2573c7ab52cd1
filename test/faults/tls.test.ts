import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Certificate, createCertificate } from "../../provider/tls/certificate";
import { folderForEach } from "../support/folders";
import { tokenProcess } from "../support/children";
import { ownVariables } from "../support/variables";
import { startTrial, type Trial } from "./iam";

const YEAR = 365 * 24 * 3_600_000;
const trusted = createCertificate(Date.now());
const expired = createCertificate(Date.now() - 2 * YEAR);
const future = createCertificate(Date.now() + 2 * YEAR);

describe("faults: TLS with real certificates, made for localhost", () => {
  const folder = folderForEach();
  const setVariables = ownVariables("NODE_TLS_REJECT_UNAUTHORIZED");
  let trial: Trial;
  const start = async ({ pem, privateKey }: Certificate) => {
    trial = await startTrial({ tls: { cert: pem, key: privateKey } });
    return trial.emulator.iamEndpoint.replace("127.0.0.1", "localhost");
  };
  const pemFile = (text: string, name = "authority.pem") => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  };
  afterEach(() => trial.close());

  it("trusts an authority of the option caFile", async () => {
    const iamEndpoint = await start(trusted);
    await trial.get({ iamEndpoint, caFile: pemFile(trusted.pem) });
    expect(trial.emulator.counts.exchanges).to.equal(1);
  });

  const beside = "trusts an authority of NODE_EXTRA_CA_CERTS beside another one of caFile";
  for (const [title, more] of [
    ["trusts an authority of NODE_EXTRA_CA_CERTS", () => ({})],
    [beside, () => ({ YCIAM_CA_FILE: pemFile(future.pem) })],
  ] as const) {
    // Node reads that variable at its start.
    it(`${title}, in a process of its own`, async () => {
      const { stdout } = await tokenProcess(folder.path, {
        YCIAM_IAM_ENDPOINT: await start(trusted),
        NODE_EXTRA_CA_CERTS: pemFile(trusted.pem, "extra.pem"),
        YC_SERVICE_ACCOUNT_KEY_FILE: trial.key,
        ...more(),
      });
      expect(stdout).to.match(/^[0-9a-f]{12}\n$/);
    });
  }

  const UNTRUSTED =
    /certificate is not trusted.*caFile or NODE_EXTRA_CA_CERTS \(DEPTH_ZERO_SELF_SIGNED_CERT\)/;
  const OTHER = /its certificate is another host's: .*something answers/;
  const EXPIRED = /its certificate has expired, or this host's clock/;
  const EARLY = /its certificate is not valid yet, or this host's clock/;
  for (const [title, certificate, authority, host, says] of [
    ["an unknown authority", trusted, expired, "localhost", UNTRUSTED],
    ["another host's name", trusted, trusted, "127.0.0.1", OTHER],
    ["one that has expired", expired, expired, "localhost", EXPIRED],
    ["one from the future", future, future, "localhost", EARLY],
  ] as const) {
    it(`says what is wrong with the certificate, and sends nothing: ${title}`, async () => {
      const iamEndpoint = (await start(certificate)).replace("localhost", host);
      const error = await trial.failure({ iamEndpoint, caFile: pemFile(authority.pem), retries: 0 });
      expect(error.message).to.match(says);
      expect([error.code, trial.emulator.requests]).to.deep.equal(["ERR_YCIAM_SERVICE", []]);
    });
  }

  it("checks certificates though NODE_TLS_REJECT_UNAUTHORIZED says that nobody need", async () => {
    const iamEndpoint = await start(trusted);
    setVariables({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    const error = await trial.failure({ iamEndpoint, retries: 0 });
    expect(error.message).to.match(/its certificate is not trusted/);
    expect(trial.emulator.requests).to.deep.equal([]);
  });

  it("says which variable names a file of authorities that is missing, or has none", async () => {
    const iamEndpoint = await start(trusted);
    const missing = await trial.failure({ iamEndpoint, caFile: join(folder.path, "missing.pem") });
    expect(missing.code).to.equal("ERR_YCIAM_OPTION");
    expect(missing.message).to.match(/^the file of caFile, .*missing\.pem, cannot be read \(ENOENT\)\.$/);
    const empty = await trial.failure({ iamEndpoint, caFile: pemFile("no certificate") });
    expect(empty.message).to.include("has no certificate in PEM");
    expect(trial.emulator.requests).to.deep.equal([]);
  });
});
