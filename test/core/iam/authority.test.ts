import { expect } from "chai";
import { trusting } from "../../../provider/core/iam/authority";
import type { HttpRequest } from "../../../provider/core/context";
import { OptionError } from "../../../provider/core/words/errors";
import { option } from "../../../provider/core/words/message";
import { createCertificate } from "../../../provider/tls/certificate";
import { testContext } from "../../support/context";
import { failureOf } from "../../support/failure";

describe("core/authority", () => {
  const { pem: cert } = createCertificate(Date.now());
  const request: HttpRequest = {
    method: "GET",
    url: "https://a.example",
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    retries: 0,
  };

  /** A context that notes which authorities its requests trust, over files that a test writes. */
  function world(files: Record<string, string>) {
    const trusted: unknown[] = [];
    let reads = 0;
    const context = testContext({
      files: {
        version: () => undefined,
        read: async (path) => {
          reads += 1;
          return files[path] ?? Promise.reject(Object.assign(new Error(), { code: "ENOENT" }));
        },
      },
      http: async ({ ca }) => (trusted.push(ca), Promise.reject(new Error("sent"))),
    });
    const { http } = trusting(context, "ca.pem", option("caFile"));
    const send = () => failureOf(http(request));
    return { files, trusted, send, reads: () => reads };
  }

  it("sends every request with the authorities of the file, which is read once", async () => {
    const { send, trusted, reads } = world({ "ca.pem": cert });
    await Promise.all([send(), send()]);
    await send();
    expect([trusted, reads()]).to.deep.equal([[cert, cert, cert], 1]);
  });

  it("sends nothing when the file cannot be used, and looks again at the next call", async () => {
    const { files, send, trusted } = world({});
    const missing = await send();
    expect(missing).to.be.instanceOf(OptionError);
    expect(missing.message).to.equal("the file of caFile, ca.pem, cannot be read (ENOENT).");
    files["ca.pem"] = "CANARY";
    const strange = await send();
    expect(strange.message).to.equal(
      "the file of caFile, ca.pem, has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.",
    );
    expect(trusted).to.deep.equal([]);
    files["ca.pem"] = cert;
    expect((await send()).message).to.equal("sent");
    expect(trusted).to.deep.equal([cert]);
  });
});
