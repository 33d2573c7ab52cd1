import { expect } from "chai";
import { ServiceError } from "../../../provider/core/words/errors";
import { parseJson } from "../../../provider/core/iam/reply";
import { Secret } from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";
import { thrownBy } from "../../support/failure";

const reply = (body: string, headers: Record<string, string> = {}) => ({
  status: 200,
  headers,
  body: new Secret(body),
});

describe("core/reply", () => {
  it("gives the JSON object of a body", () => {
    expect(parseJson(reply('{"a":[1]}'), "it")).to.deep.equal({ a: [1] });
  });

  const strange: readonly [string, Record<string, string>, string][] = [
    ["<html>CANARY</html>", { "content-type": "text/html" }, "text/html, 19 characters)."],
    ['"CANARY"', {}, "no content type, 8 characters)."],
    ['["CANARY"]', {}, "no content type, 10 characters)."],
    ["null", {}, "no content type, 4 characters)."],
    ["", { "x-request-id": "r-1" }, "no content type, 0 characters) (request id r-1)."],
    ['{"iamToken":"CANARY', {}, "no content type, 19 characters)."],
  ];
  for (const [body, headers, problem] of strange) {
    it(`tells what a body is that is not one, without showing it: ${body.replace("CANARY", "...")}`, () => {
      const error = thrownBy(() => parseJson(reply(body, headers), "it"));
      expect(error).to.be.instanceOf(ServiceError).with.property("failure", "reply");
      const what = `it is not a JSON object (${problem}`;
      expect(error.message).to.equal(`${what} Is a proxy or another service answering in its place?`);
      expect(everyText(error)).to.not.contain("CANARY");
    });
  }
});
