import { expect } from "chai";
import { isSafeForCredentials, readRootUrl, readServiceUrl } from "../../../provider/core/options/urls";
import { OptionError } from "../../../provider/core/words/errors";
import { option } from "../../../provider/core/words/message";

const NO_URL = "a.url is not a URL. Write it like https://host/path.";
const HTTPS = "a.url must use https: a credential goes there. Plain http is for loopback addresses only.";
const USER = "a.url has a user or a password in it. Write the URL without them.";
const QUERY = "a.url has a query or a fragment in it. Write the URL without them.";

describe("core/options/urls", () => {
  const roots: readonly [string, string][] = [
    ["iam.example.com", "https://iam.example.com"],
    ["iam.example.com:8443", "https://iam.example.com:8443"],
    ["iam.example.com:443", "https://iam.example.com"],
    ["https://iam.example.com/", "https://iam.example.com"],
    ["https://example.com/base/", "https://example.com/base"],
    ["http://127.9.8.7:8080", "http://127.9.8.7:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"],
  ];
  for (const [given, used] of roots) {
    it(`reads the root ${given} as ${used}`, () => {
      expect(readRootUrl(given, option("a.url"), "a.url")).to.equal(used);
    });
  }

  it("takes a URL of a service with its query", () => {
    const url = "https://example.com/a?b=c";
    expect(readServiceUrl(url, option("a.url"), "a.url").href).to.equal(url);
  });

  const refused: readonly [string, string][] = [
    ["not a url", NO_URL],
    ["https://", NO_URL],
    ["https://host:99999", NO_URL],
    ["http://iam.api.cloud.yandex.net", HTTPS],
    ["http://169.254.169.254", HTTPS],
    ["http://[::2]", HTTPS],
    ["http://0.0.0.0:80", HTTPS],
    ["http://localhost.example.com", HTTPS],
    ["http://127.0.0.1.example.com", HTTPS],
    ["http://127.0.0.1@example.com", USER],
    ["ftp://127.0.0.1", HTTPS],
    ["file:///etc/CANARY", HTTPS],
    ["https://user:CANARY@iam.example.com", USER],
    ["user:CANARY@iam.example.com", USER],
    ["https://iam.example.com?token=CANARY", QUERY],
    ["https://iam.example.com#CANARY", QUERY],
  ];
  for (const [given, message] of refused) {
    it(`refuses ${given.replace("CANARY", "...")}, and does not repeat it`, () => {
      expect(() => readRootUrl(given, option("a.url"), "a.url"))
        .to.throw(OptionError)
        .with.property("message", message);
    });
  }

  it("counts as loopback only what can be nothing else", () => {
    const isSafe = (host: string) => isSafeForCredentials(new URL(`http://${host}/`));
    const own = ["localhost", "127.0.0.1", "127.255.0.9", "[::1]"];
    expect(own.filter((host) => !isSafe(host))).to.deep.equal([]);
    const others = ["127.0.0.1.nip.io", "localhost.", "[::]", "0.0.0.0", "128.0.0.1", "[::ffff:127.0.0.1]"];
    expect(others.filter(isSafe)).to.deep.equal([]);
  });
});
