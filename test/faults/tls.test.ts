import { expect } from "chai";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Certificate, createCertificate } from "../../provider/terraform/plugin/certificate";
import { bundle } from "../support/bundle";
import { folderForEach } from "../support/folders";
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
  const pemFile = ({ pem }: Certificate, name: string) => {
    const path = join(folder.path, name);
    writeFileSync(path, pem);
    return path;
  };
  const caFile = (certificate: Certificate) => pemFile(certificate, "authority.pem");
  afterEach(() => trial.close());

  it("trusts an authority of the option caFile", async () => {
    const iamEndpoint = await start(trusted);
    const { fingerprint } = await trial.get({ iamEndpoint, caFile: caFile(trusted) });
    expect(fingerprint).to.match(/^[0-9a-f]{12}$/);
    expect(trial.emulator.counts.exchanges).to.equal(1);
  });

  /** What a process of its own prints, with an authority in NODE_EXTRA_CA_CERTS, which Node reads at its start. */
  const printed = async (extra: Certificate, iamEndpoint: string, more: Record<string, string> = {}) => {
    const program = bundle("test/platform/children/token.ts", folder.path);
    const env = {
      NODE_EXTRA_CA_CERTS: pemFile(extra, "extra.pem"),
      YCIAM_CACHE: "memory",
      YCIAM_IAM_ENDPOINT: iamEndpoint,
      YC_SERVICE_ACCOUNT_KEY_FILE: trial.key,
      ...more,
    };
    const run = promisify(execFile)(process.execPath, [program], { env });
    run.child.stdin?.end("go\n");
    return (await run).stdout;
  };

  it("trusts an authority of NODE_EXTRA_CA_CERTS", async () => {
    const iamEndpoint = await start(trusted);
    expect(await printed(trusted, iamEndpoint)).to.match(/^ready\n[0-9a-f]{12}\n$/);
  });

  it("trusts an authority of NODE_EXTRA_CA_CERTS beside another one of caFile", async () => {
    const iamEndpoint = await start(trusted);
    const more = { YCIAM_CA_FILE: caFile(future) };
    expect(await printed(trusted, iamEndpoint, more)).to.match(/^ready\n[0-9a-f]{12}\n$/);
  });

  for (const [title, certificate, authority, host, says] of [
    [
      "an unknown authority",
      trusted,
      expired,
      "localhost",
      /its certificate is not trusted.*caFile or NODE_EXTRA_CA_CERTS \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      "another host's name",
      trusted,
      trusted,
      "127.0.0.1",
      /its certificate is another host's: .*something answers/,
    ],
    [
      "one that has expired",
      expired,
      expired,
      "localhost",
      /its certificate has expired, or this host's clock/,
    ],
    [
      "one from the future",
      future,
      future,
      "localhost",
      /its certificate is not valid yet, or this host's clock/,
    ],
  ] as const) {
    it(`says what is wrong with the certificate, and sends nothing: ${title}`, async () => {
      const iamEndpoint = (await start(certificate)).replace("localhost", host);
      const error = await trial.failure({ iamEndpoint, caFile: caFile(authority), retries: 0 });
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
      expect(error.message).to.match(says);
      expect(trial.emulator.requests).to.deep.equal([]);
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
    const path = join(folder.path, "empty.pem");
    writeFileSync(path, "no certificate");
    const empty = await trial.failure({ iamEndpoint, caFile: path });
    expect(empty.message).to.include("has no certificate in PEM");
    expect(trial.emulator.requests).to.deep.equal([]);
  });
});
