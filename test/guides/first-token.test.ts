import { expect } from "chai";
import { followGuide } from "../support/guides";
import { GuideWorld } from "./world";

describe("the guide to a first token", function () {
  this.timeout(60_000);
  let world: GuideWorld;
  beforeEach(async () => (world = await GuideWorld.create()));
  afterEach(() => world.close());

  it("is true from its first line to its last", async () => {
    world.write("key.json", JSON.stringify(await world.emulator.createKey()));
    const instead = { "https://resource-manager.api.cloud.yandex.net": world.emulator.url };
    const [explained, verified, clouds, revoked] = await followGuide("first-token", {
      ...world.reader,
      instead,
    });
    expect(explained?.stdout).to.match(/^serviceAccountKey +would be asked/m);
    expect(verified?.stdout).to.include("serviceAccountKey gave a token.");
    expect(clouds?.stdout).to.include("demo-cloud");
    expect(revoked?.stderr).to.include("the token is revoked");
    expect(world.emulator.issuedTokens.map(({ revoked: isRevoked }) => isRevoked)).to.deep.equal([true]);
  });
});
