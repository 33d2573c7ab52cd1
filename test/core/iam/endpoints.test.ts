import { expect } from "chai";
import { type Emulator, startEmulator } from "../../../emulator/index";
import { startCall } from "../../../provider/core/token/call";
import {
  type EndpointOptions,
  INSTALLATIONS,
  isLoopback,
  resolveEndpoints,
} from "../../../provider/core/iam/endpoints";
import { OptionError, ServiceError } from "../../../provider/core/words/errors";
import { testContext } from "../../support/context";

const call = () => startCall(new AbortController().signal, 5000);
const RU_AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

/** What a set of options comes to; the network is there, but only discovery uses it. */
async function resolved(options: EndpointOptions) {
  const endpoints = resolveEndpoints(options, testContext(), 0);
  const { installation, api } = endpoints;
  return { installation, api, iam: await endpoints.iam(call()), audience: await endpoints.audience(call()) };
}

function refusal(options: EndpointOptions): OptionError {
  try {
    resolveEndpoints(options, testContext(), 0);
  } catch (error) {
    expect(error).to.be.instanceOf(OptionError);
    return error as OptionError;
  }
  return expect.fail("the options were taken");
}

describe("core/endpoints", () => {
  it("is the Russian installation when nothing is said", async () => {
    const expected = {
      installation: "ru",
      api: "https://api.cloud.yandex.net",
      iam: "https://iam.api.cloud.yandex.net",
      audience: RU_AUDIENCE,
    };
    expect(await resolved({})).to.deep.equal(expected);
    expect(await resolved({ installation: "ru" })).to.deep.equal(expected);
    expect(await resolved({ endpoint: "api.cloud.yandex.net:443" })).to.deep.equal(expected);
    expect(resolveEndpoints({}, testContext(), 0).auth()).to.equal("https://auth.yandex.cloud");
  });

  it("is the one in Kazakhstan by name, or by its API root, with an audience of its own", async () => {
    const expected = {
      installation: "kz",
      api: "https://api.yandexcloud.kz",
      iam: "https://iam.api.yandexcloud.kz",
      audience: "https://iam.api.yandexcloud.kz/iam/v1/tokens",
    };
    expect(await resolved({ installation: "kz" })).to.deep.equal(expected);
    expect(await resolved({ endpoint: "https://api.yandexcloud.kz/" })).to.deep.equal(expected);
  });

  it("knows no OIDC exchange in Kazakhstan, and says what to set", () => {
    const endpoints = resolveEndpoints({ installation: "kz" }, testContext(), 0);
    expect(() => endpoints.auth()).to.throw(
      OptionError,
      "no address is known for exchanging OIDC tokens in this installation: set authEndpoint.",
    );
    const own = resolveEndpoints({ installation: "kz", authEndpoint: "auth.example.kz" }, testContext(), 0);
    expect(own.auth()).to.equal("https://auth.example.kz");
  });

  it("sends to an overridden address, and keeps the installation's audience", async () => {
    for (const [name, audience] of [
      ["ru", RU_AUDIENCE],
      ["kz", `${INSTALLATIONS.kz.iam}/iam/v1/tokens`],
    ] as const) {
      const { iam, audience: used } = await resolved({
        installation: name,
        iamEndpoint: "https://tunnel.example:8443/",
      });
      expect([iam, used]).to.deep.equal(["https://tunnel.example:8443", audience]);
    }
  });

  it("takes the audience that is given, whatever the address", async () => {
    const audience = "urn:my-iam";
    expect((await resolved({ audience })).audience).to.equal(audience);
    expect((await resolved({ audience, iamEndpoint: "https://a.example" })).audience).to.equal(audience);
  });

  const schemes: readonly [string, string][] = [
    ["iam.example.com", "https://iam.example.com"],
    ["iam.example.com:8443", "https://iam.example.com:8443"],
    ["iam.example.com:443", "https://iam.example.com"],
    ["https://iam.example.com/", "https://iam.example.com"],
    ["https://example.com/base/", "https://example.com/base"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.9.8.7:8080", "http://127.9.8.7:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
    ["http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"],
  ];
  for (const [given, used] of schemes) {
    it(`reads ${given} as ${used}`, async () => {
      expect((await resolved({ iamEndpoint: given })).iam).to.equal(used);
    });
  }

  const BARE = "iamEndpoint must be a bare URL: no user, query or fragment.";
  const HTTPS =
    "iamEndpoint must use https: credentials go there. Plain http is for loopback addresses only.";
  const NO_URL = "iamEndpoint is not a URL. Write it like https://iam.api.cloud.yandex.net.";
  const refused: readonly [string, string][] = [
    ["not a url", NO_URL],
    ["https://", NO_URL],
    ["https://host:99999", NO_URL],
    ["http://iam.api.cloud.yandex.net", HTTPS],
    ["http://10.0.0.1", HTTPS],
    ["http://169.254.169.254", HTTPS],
    ["http://[::2]", HTTPS],
    ["http://0.0.0.0:80", HTTPS],
    ["http://localhost.example.com", HTTPS],
    ["http://127.0.0.1.example.com", HTTPS],
    ["http://127.0.0.1@example.com", BARE],
    ["ftp://127.0.0.1", HTTPS],
    ["file:///etc/passwd", HTTPS],
    ["https://user:CANARY@iam.example.com", BARE],
    ["user:CANARY@iam.example.com", BARE],
    ["https://iam.example.com?token=CANARY", BARE],
    ["https://iam.example.com#CANARY", BARE],
  ];
  for (const [given, message] of refused) {
    it(`refuses ${given.replace("CANARY", "...")}, and does not repeat it`, () => {
      const error = refusal({ iamEndpoint: given });
      expect([error.message, error.option]).to.deep.equal([message, "iamEndpoint"]);
    });
  }

  it("names the option at fault, or the variable that it came from", () => {
    for (const name of ["endpoint", "iamEndpoint", "authEndpoint"] as const)
      expect(refusal({ [name]: "http://10.0.0.1" }).message).to.match(new RegExp(`^${name} must use https`));
    expect(() => resolveEndpoints({ endpoint: "::" }, testContext(), 0, () => "YC_ENDPOINT")).to.throw(
      /^YC_ENDPOINT is not a URL/,
    );
  });

  it("counts as loopback only what can be nothing else", () => {
    expect(
      ["localhost", "127.0.0.1", "127.255.0.9", "[::1]"].filter((host) => !isLoopback(host)),
    ).to.deep.equal([]);
    const others = [
      "127.0.0.1.nip.io",
      "localhost.",
      "[::]",
      "0.0.0.0",
      "128.0.0.1",
      "[::ffff:127.0.0.1]",
      "",
    ];
    expect(others.filter(isLoopback)).to.deep.equal([]);
  });

  it("tells every two sets of options apart by their identity, and equal ones not", () => {
    const sets: readonly EndpointOptions[] = [
      {},
      { installation: "kz" },
      { endpoint: "https://a.example" },
      { iamEndpoint: "https://a.example" },
      { authEndpoint: "https://a.example" },
      { audience: "https://a.example" },
      { iamEndpoint: "https://a.example", audience: "https://a.example" },
    ];
    const identities = sets.map((options) => resolveEndpoints(options, testContext(), 0).identity);
    expect(new Set(identities).size).to.equal(sets.length);
    const again = resolveEndpoints(
      { installation: "ru", iamEndpoint: "a.example/" },
      testContext(),
      0,
    ).identity;
    expect(again).to.equal(identities[3]);
  });
});

describe("core/endpoints, discovery", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({ ipv6: true });
  });
  afterEach(() => emulator.close());

  it("asks an installation of one's own for the address of IAM, once, and makes the audience of it", async () => {
    emulator.endpoints.set("iam", "iam.private.example:443");
    const endpoints = resolveEndpoints({ endpoint: emulator.url }, testContext(), 0);
    expect(emulator.counts.endpoints).to.equal(0);
    expect(await endpoints.iam(call())).to.equal("https://iam.private.example");
    expect(await endpoints.audience(call())).to.equal("https://iam.private.example/iam/v1/tokens");
    expect(await endpoints.iam(call())).to.equal("https://iam.private.example");
    expect([endpoints.installation, endpoints.api]).to.deep.equal(["own", emulator.url]);
    expect(emulator.counts.endpoints).to.equal(1);
  });

  it("does not let an overridden address change the audience of one's own installation either", async () => {
    emulator.endpoints.set("iam", "iam.private.example:443");
    const options = { endpoint: emulator.url, iamEndpoint: "https://tunnel.example" };
    const { iam, audience } = await resolved(options);
    expect([iam, audience]).to.deep.equal([
      "https://tunnel.example",
      "https://iam.private.example/iam/v1/tokens",
    ]);
  });

  it("asks nothing when both values are given", async () => {
    await resolved({ endpoint: emulator.url, iamEndpoint: "https://a.example", audience: "b" });
    expect(emulator.counts.endpoints).to.equal(0);
  });

  it("discovers over IPv6 loopback too", async () => {
    const { iam } = await resolved({ endpoint: emulator.urlIpv6 ?? "" });
    expect(iam).to.equal(emulator.iamEndpoint);
  });

  it("asks again after a failure: none is kept", async () => {
    emulator.faults.inject({ route: "endpoints", status: 503 });
    const endpoints = resolveEndpoints({ endpoint: emulator.url }, testContext(), 0);
    await endpoints.iam(call()).then(
      () => expect.fail("an address was found"),
      (error: unknown) => expect(error).to.be.instanceOf(ServiceError),
    );
    expect(await endpoints.iam(call())).to.equal(emulator.iamEndpoint);
  });

  it("says what to set when the list has no IAM", async () => {
    emulator.endpoints.delete("iam");
    const error = await failed(emulator);
    expect([error.name, error.message]).to.deep.equal([
      "ServiceError",
      `${emulator.url}/endpoints lists no endpoint with id iam. Set iamEndpoint and audience instead.`,
    ]);
  });

  it("does not send a credential to a plain http address that the list gives", async () => {
    emulator.endpoints.set("iam", "http://10.0.0.1");
    expect((await failed(emulator)).message).to.equal(
      `the address of IAM in the list of ${emulator.url}/endpoints must use https: credentials go there. Plain http is for loopback addresses only.`,
    );
  });

  const strange: readonly unknown[] = [
    "<html>",
    [],
    { endpoints: {} },
    { endpoints: [null, { id: "iam", address: 1 }] },
  ];
  for (const body of strange) {
    it(`makes nothing of ${JSON.stringify(body)}`, async () => {
      emulator.faults.inject({ route: "endpoints", body });
      expect(await failed(emulator))
        .to.be.instanceOf(ServiceError)
        .with.property("failure", "reply");
    });
  }
});

async function failed(emulator: Emulator): Promise<Error> {
  const endpoints = resolveEndpoints({ endpoint: emulator.url }, testContext(), 0);
  return endpoints.iam(call()).then(
    () => expect.fail("an address was found"),
    (error: unknown) => error as Error,
  );
}
