import { expect } from "chai";
import { followGuide } from "../support/guides";
import { GuideWorld } from "./world";

describe("the guide to tokens in scripts", function () {
  this.timeout(60_000);
  let world: GuideWorld;
  beforeEach(async () => (world = await GuideWorld.create()));
  afterEach(() => world.close());

  it("is true from its first line to its last", async () => {
    const key = await world.emulator.createKey();
    const env = { ...world.reader.env, YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) };
    const instead = { "https://resource-manager.api.cloud.yandex.net": world.emulator.url };
    const results = await followGuide("scripts", { ...world.reader, env, instead });
    const [whoami, request, variables, file, json] = results.map(({ stdout }) => stdout);
    expect(whoami).to.include(`BY           serviceAccountKey ${key.service_account_id}\n`);
    expect(request).to.include("demo-cloud");
    expect(variables).to.include("demo-cloud");
    expect(file).to.equal("true\n");
    expect(Date.parse(json?.trim() ?? "")).to.be.greaterThan(Date.now());
  });
});
