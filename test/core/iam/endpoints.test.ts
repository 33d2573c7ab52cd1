import { expect } from "chai";
import { type EndpointOptions, INSTALLATIONS, resolveEndpoints } from "../../../provider/core/iam/endpoints";
import { OptionError } from "../../../provider/core/words/errors";

const RU = { installation: "ru", ...INSTALLATIONS.ru, audience: `${INSTALLATIONS.ru.iam}/iam/v1/tokens` };
const KZ = { installation: "kz", ...INSTALLATIONS.kz, audience: `${INSTALLATIONS.kz.iam}/iam/v1/tokens` };
const TUNNEL = "https://tunnel.example:8443";
const OWN = "https://api.example";

/** What the options come to, but for the identity. */
function resolved(options: EndpointOptions): object {
  // What is undefined is not there.
  return JSON.parse(JSON.stringify({ ...resolveEndpoints(options), identity: undefined })) as object;
}

describe("core/iam/endpoints", () => {
  const sets: readonly [EndpointOptions, object][] = [
    [{}, RU],
    [{ installation: "ru" }, RU],
    [{ endpoint: "api.cloud.yandex.net:443" }, RU],
    [{ installation: "kz" }, KZ],
    [{ endpoint: "https://api.yandexcloud.kz/" }, KZ],
    [{ installation: "kz", endpoint: "api.yandexcloud.kz" }, KZ],
    [
      { installation: "kz", authEndpoint: "auth.kz" },
      { ...KZ, auth: "https://auth.kz" },
    ],
    [{ iamEndpoint: `${TUNNEL}/` }, { ...RU, iam: TUNNEL }],
    [
      { installation: "kz", iamEndpoint: TUNNEL },
      { ...KZ, iam: TUNNEL },
    ],
    [
      { audience: "urn:my-iam", iamEndpoint: TUNNEL },
      { ...RU, iam: TUNNEL, audience: "urn:my-iam" },
    ],
    [{ endpoint: OWN }, { installation: "own", api: OWN }],
    [
      { endpoint: OWN, iamEndpoint: TUNNEL },
      { installation: "own", api: OWN, iam: TUNNEL },
    ],
    [
      { installation: "ru", endpoint: OWN },
      { installation: "ru", api: OWN, audience: RU.audience, auth: RU.auth },
    ],
  ];
  for (const [options, expected] of sets) {
    it(`makes of ${JSON.stringify(options)} where to ask, and for whom to sign`, () => {
      expect(resolved(options)).to.deep.equal(expected);
    });
  }

  const contradictions: readonly EndpointOptions[] = [
    { installation: "ru", endpoint: "https://api.yandexcloud.kz" },
    { installation: "kz", endpoint: "api.cloud.yandex.net" },
    { installation: "ru", iamEndpoint: "https://iam.api.yandexcloud.kz" },
    { iamEndpoint: "iam.api.yandexcloud.kz" },
    { installation: "kz", authEndpoint: "https://auth.yandex.cloud" },
    { installation: "ru", endpoint: "https://iam.api.yandexcloud.kz" },
  ];
  for (const options of contradictions) {
    it(`I7: refuses to ask one installation and to sign for the other: ${JSON.stringify(options)}`, () => {
      expect(() => resolveEndpoints(options))
        .to.throw(
          OptionError,
          /^\w+ is an address of the installation (ru|kz), but the installation in use is /,
        )
        .with.property("option", Object.keys(options).at(-1));
    });
  }

  it("names the option at fault, or the variable that it came from", () => {
    for (const name of ["endpoint", "iamEndpoint", "authEndpoint"] as const)
      expect(() => resolveEndpoints({ [name]: "http://10.0.0.1" })).to.throw(`${name} must use https`);
    expect(() => resolveEndpoints({ endpoint: "::" }, () => "YC_ENDPOINT")).to.throw(
      /^YC_ENDPOINT is not a URL/,
    );
  });

  it("tells every two sets of options apart by their identity, and equal ones not", () => {
    const different = sets.map(([options]) => resolveEndpoints(options));
    const seen = new Map(different.map(({ identity, ...rest }) => [identity, JSON.stringify(rest)]));
    for (const { identity, ...rest } of different) expect(seen.get(identity)).to.equal(JSON.stringify(rest));
    const same = resolveEndpoints({ installation: "ru", iamEndpoint: "tunnel.example:8443/" });
    expect(same.identity).to.equal(resolveEndpoints({ iamEndpoint: TUNNEL }).identity);
  });
});
