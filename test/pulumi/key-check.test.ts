import { expect } from "chai";
import type { Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { secret, unknown } from "./support/wire";

describe("a service account's key, checked by the plugin", () => {
  let plugin: Served;
  before(async () => (plugin = await servePlugin()));
  after(() => plugin.close());

  const both = async (group: unknown) => {
    const news = { serviceAccountKey: group } as Wire;
    return [await plugin.client.checkConfig(news), await plugin.client.check(news)];
  };

  const mistakes: readonly [string, unknown, RegExp][] = [
    ["text that is no JSON", { json: secret("planted") }, /^serviceAccountKey\.json is not JSON/],
    ["JSON without a key", { json: secret('{"id":"planted"}') }, /`private_key` is missing/],
    ["an object", { json: { id: "planted", private_key: "x" } }, /`service_account_id` is missing/],
    ["a secret group", secret({ json: "[]" }), /must be a JSON object/],
    ["the JSON of a group", JSON.stringify({ json: "planted" }), /is not JSON/],
  ];
  for (const [form, group, reason] of mistakes) {
    it(`fails as ${form}`, async () => {
      const [ofProvider, ofResource] = await both(group);
      const own = typeof group === "string" ? [ofProvider] : [ofProvider, ofResource];
      for (const checked of own) {
        expect(checked?.failures.map(({ property }) => property)).to.deep.equal(["serviceAccountKey.json"]);
        expect(checked?.failures[0]?.reason).to.match(reason).and.not.contain("planted");
      }
    });
  }

  for (const json of [unknown, secret(unknown), { id: "a", private_key: unknown }]) {
    it(`passes while unknown, whole or in part: ${JSON.stringify(json)}`, async () => {
      for (const { failures } of await both({ json })) expect(failures).to.deep.equal([]);
    });
  }
});
