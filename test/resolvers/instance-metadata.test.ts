import { expect } from "chai";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createApp } from "../../provider/app";
import { startServer } from "../platform/server";
import { NO_METADATA, testContext } from "../support/context";
import { emulatorForAll, getToken, refusalOf } from "./support";

const HOUR = 3_600_000;

describe("resolver instanceMetadata", () => {
  const emulator = emulatorForAll();
  const machine = (settings: object) => Object.assign(emulator.current.metadata, settings);
  let usual: object;
  before(() => (usual = { ...emulator.current.metadata }));
  beforeEach(() => machine(usual));

  const named = { resolvers: ["instanceMetadata"], retries: 0 };
  const here = () => testContext({ env: { YC_METADATA_ADDR: emulator.current.metadataAddress } });

  it("takes the token of the attached account, with the header that the service asks for", async () => {
    const result = await getToken(named, here());
    const [issued] = emulator.current.issuedTokens.slice(-1);
    expect([result.resolver, result.token.reveal()]).to.deep.equal(["instanceMetadata", issued?.token]);
    const left = Date.parse(result.expiresAt ?? "") - Date.now();
    expect(left).to.be.within(11 * HOUR, 12 * HOUR);
    expect(emulator.current.requests[0]?.headerNames).to.include("metadata-flavor");
  });

  it("believes no more than 12 hours of what the service says", async () => {
    for (const expiresIn of [13 * 3600, 1e300]) {
      emulator.current.faults.inject({ route: "metadata", expiresIn });
      const { expiresAt = "", issuedAt = "" } = await getToken({ ...named, cache: "none" }, here());
      expect(Date.parse(expiresAt) - Date.parse(issuedAt)).to.be.within(11 * HOUR, 12 * HOUR);
    }
  });

  it("takes the address from its option before the variable", async () => {
    const address = emulator.current.metadataAddress;
    const result = await getToken(
      { instanceMetadata: { address }, retries: 0 },
      testContext({ env: NO_METADATA }),
    );
    expect(result.resolver).to.equal("instanceMetadata");
  });

  it("is no credential where nothing listens", async () => {
    const error = await refusalOf(named, testContext());
    expect(error.message).to.equal(
      "The resolver asked for has no credential:\n  instanceMetadata: nothing answers at 127.0.0.1:1. To use it: run where a service account is attached, or set instanceMetadata.address or YC_METADATA_ADDR.",
    );
  });

  it("costs a chain little where the address swallows what is sent to it", async () => {
    const swallow = createServer(() => undefined);
    await new Promise<void>((done) => swallow.listen(0, "127.0.0.1", done));
    const address = `127.0.0.1:${(swallow.address() as AddressInfo).port}`;
    const start = performance.now();
    const error = await refusalOf(
      { resolvers: ["instanceMetadata", "iamToken"] },
      testContext({ env: { YC_METADATA_ADDR: address } }),
    );
    expect(performance.now() - start).to.be.below(6000);
    expect(error.message).to.contain(`instanceMetadata: nothing answers at ${address}.`);
    swallow.close();
  });

  const absences: readonly [string, object, string][] = [
    [
      "no account is attached",
      { serviceAccountId: undefined },
      "no service account is attached to this instance. To use it: attach a service account to it.",
    ],
    [
      "the token option is disabled",
      { tokenEnabled: false },
      "the metadata service's token option is disabled for this instance (HTTP 400). To use it: enable gce_http_endpoint and gce_http_token in the instance's metadata options.",
    ],
  ];
  for (const [what, settings, message] of absences) {
    it(`is no credential when ${what}`, async () => {
      machine(settings);
      expect((await refusalOf(named, here())).message).to.contain(`instanceMetadata: ${message}`);
    });
  }

  it("does not trust an answer without the header that only the metadata service sends", async () => {
    machine({ sendFlavor: false });
    const error = await refusalOf(named, here());
    expect(error.code).to.equal("ERR_YCIAM_NO_CREDENTIAL");
    expect(error.message).to.contain("answers, but not as the metadata service of Yandex Cloud");
  });

  const strangers: readonly [string, number, string][] = [
    ["a body without end", 200, "CANARY".repeat(20_000)],
    ["another cloud's token", 200, '{"access_token":"ya29.CANARY","expires_in":3600}'],
    ["a page of a captive portal", 403, "<html>"],
  ];
  for (const [what, status, body] of strangers) {
    it(`does not take ${what} for its own`, async () => {
      const server = await startServer((response) =>
        response.writeHead(status, { "metadata-flavor": "Google", "content-type": "text/html" }).end(body),
      );
      const address = new URL(server.url).host;
      const error = await refusalOf({ ...named, instanceMetadata: { address } }, testContext());
      await server.close();
      expect(error.code).to.equal("ERR_YCIAM_NO_CREDENTIAL");
      expect(error.message).to.contain("the metadata service of Yandex Cloud").and.not.contain("CANARY");
    });
  }

  it("tries again when it is named, and once in a chain; a service that fails stops the chain", async () => {
    emulator.current.faults.inject({ route: "metadata", status: 503, times: 1 });
    expect((await getToken({ ...named, retries: 2 }, here())).resolver).to.equal("instanceMetadata");
    expect(emulator.current.counts.metadata).to.equal(2);
    emulator.current.reset();
    emulator.current.faults.inject({ route: "metadata", status: 503, times: 1 });
    const error = await refusalOf({ resolvers: ["instanceMetadata", "iamToken"] }, here());
    expect([error.code, emulator.current.counts.metadata]).to.deep.equal(["ERR_YCIAM_SERVICE", 1]);
  });

  for (const body of [
    {},
    { access_token: "" },
    { access_token: "CANARY" },
    { access_token: "CANARY", expires_in: "x" },
    "CANARY",
  ]) {
    it(`makes no token of ${JSON.stringify(body).replaceAll("CANARY", "...")}`, async () => {
      emulator.current.faults.inject({ route: "metadata", body, headers: { "metadata-flavor": "Google" } });
      const error = await refusalOf(named, here());
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
      expect(error.message)
        .to.match(/^the metadata service's reply (has no|is not)/)
        .and.not.contain("CANARY");
    });
  }

  for (const address of [
    "http://169.254.169.254",
    "169.254.169.254/path",
    "a b",
    "user@host",
    "host:99999",
    "host?x",
    "host#x",
  ]) {
    it(`refuses the address ${address}`, async () => {
      const error = await refusalOf({ instanceMetadata: { address } }, testContext());
      expect(error.message).to.equal(
        "instanceMetadata.address is not an address: write host or host:port, without a scheme or path.",
      );
    });
  }

  it("explains what is here without asking for a token", async () => {
    const explanation = await createApp(named, here()).explain();
    expect(explanation.chosen).to.equal("instanceMetadata");
    expect(emulator.current.counts).to.include({ metadataAccounts: 1, metadata: 0 });
  });
});
