import { expect } from "chai";
import { startServer } from "../platform/server";
import { testContext } from "../support/context";
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

  const none = "no service account is attached to this instance. To use it: attach a service account to it.";
  const disabled =
    "the metadata service's token option is disabled for this instance (HTTP 400). To use it: enable gce_http_endpoint and gce_http_token in the instance's metadata options.";
  for (const [what, settings, message] of [
    ["no account is attached", { serviceAccountId: undefined }, none],
    ["the token option is disabled", { tokenEnabled: false }, disabled],
  ] as const) {
    it(`is no credential when ${what}`, async () => {
      machine(settings);
      expect((await refusalOf(named, here())).message).to.contain(`instanceMetadata: ${message}`);
    });
  }

  const flavor = { "metadata-flavor": "Google" };
  const good = '{"access_token":"t1.CANARY.CANARY","expires_in":3600}';
  const strangers: readonly [string, number, string, object?][] = [
    ["an answer without the header that only the metadata service sends", 200, good, {}],
    ["a body without end", 200, "CANARY".repeat(20_000), {}],
    ["another cloud's token", 200, '{"access_token":"ya29.CANARY","expires_in":3600}'],
    ["a page of a captive portal", 403, "<html>", {}],
  ];
  for (const [what, status, body, headers = flavor] of strangers) {
    it(`does not take ${what} for its own`, async () => {
      const server = await startServer((response) =>
        response.writeHead(status, { ...headers, "content-type": "text/html" }).end(body),
      );
      const address = new URL(server.url).host;
      const asked = { ...named, instanceMetadata: { address } };
      const error = await refusalOf(asked, testContext()).finally(() => server.close());
      expect(error.code).to.equal("ERR_YCIAM_NO_CREDENTIAL");
      expect(error.message).to.contain("the metadata service of Yandex Cloud").and.not.contain("CANARY");
    });
  }

  for (const [status, body] of [
    [200, "CANARY"],
    [403, "<html>"],
    [429, "<html>"],
  ] as const) {
    it(`stops a chain at ${status} with ${body} of the service itself`, async () => {
      const server = await startServer((response) => response.writeHead(status, flavor).end(body));
      const instanceMetadata = { address: new URL(server.url).host };
      const asked = {
        resolvers: ["instanceMetadata", "iamToken"],
        instanceMetadata,
        iamToken: { token: "t1.a.b" },
      };
      const error = await refusalOf(asked, testContext()).finally(() => server.close());
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
      expect(error.message).to.not.contain("CANARY");
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
        .to.match(/^the metadata service's reply (has no|has an expires_in|is not)/)
        .and.not.contain("CANARY");
    });
  }

  for (const address of ["http://169.254.169.254", "user@host", "host:99999", "host?x", "host#x"]) {
    it(`refuses the address ${address}`, async () => {
      const error = await refusalOf({ instanceMetadata: { address } }, testContext());
      expect(error.message).to.equal(
        "instanceMetadata.address is not an address: write host or host:port, without a scheme or path.",
      );
    });
  }
});
