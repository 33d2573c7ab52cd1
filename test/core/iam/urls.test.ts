import { expect } from "chai";
import { OptionError } from "../../../provider/core/words/errors";
import { option } from "../../../provider/core/words/message";
import { readServiceUrl } from "../../../provider/core/iam/urls";

const read = (text: string) => readServiceUrl(text, option("a.url"), "a.url");

describe("core/urls", () => {
  for (const url of [
    "https://example.com/a?b=c",
    "http://127.0.0.1:8080/x",
    "http://[::1]/",
    "http://localhost/",
  ]) {
    it(`takes ${url}`, () => {
      expect(read(url).href).to.equal(url);
    });
  }

  const wrong: readonly [string, string][] = [
    ["example.com/a", "a.url is not a URL. Write it like https://host/path."],
    ["", "a.url is not a URL. Write it like https://host/path."],
    ["https://user:CANARY@example.com", "a.url must be a URL without a user."],
    [
      "http://example.com?CANARY",
      "a.url must use https: a credential goes there. Plain http is for loopback addresses only.",
    ],
    [
      "file:///etc/CANARY",
      "a.url must use https: a credential goes there. Plain http is for loopback addresses only.",
    ],
  ];
  for (const [url, message] of wrong) {
    it(`refuses ${url.replace("CANARY", "...")}, and does not repeat it`, () => {
      expect(() => read(url))
        .to.throw(OptionError)
        .with.property("message", message);
    });
  }
});
