import { expect } from "chai";
import { createServer } from "node:net";
import { once } from "node:events";
import { followGuide } from "../support/guides";
import { GuideWorld } from "./world";

/** What Terraform's provider, and AWS's clients, do with what they are handed. */
const TERRAFORM = `test "$1" = apply; printf %s "$YC_TOKEN"`;
const AWS = `curl --silent --fail --header "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"`;

describe("the guide to exec and serve", function () {
  this.timeout(60_000);
  let world: GuideWorld;
  beforeEach(async () => (world = await GuideWorld.create()));
  afterEach(() => world.close());

  it("is true from its first line to its last", async function () {
    // There is a server of tokens on Linux alone.
    if (process.platform !== "linux") return this.skip();
    world.write("key.json", JSON.stringify(await world.emulator.createKey()));
    world.program("terraform", TERRAFORM);
    world.program("aws", AWS);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await new Promise((done) => server.close(done));
    const instead = {
      "https://resource-manager.api.cloud.yandex.net": world.emulator.url,
      "127.0.0.1:8080": `127.0.0.1:${port}`,
      "0.0.0.0:8081": "127.0.0.1:0",
    };
    const results = await followGuide("exec", { ...world.reader, instead });
    const [applied, clouds, served, keys, masked, beside] = results.map(({ stdout }) => stdout);
    const { emulator } = world;
    const access_token = emulator.issuedTokens[0]?.token;
    expect(applied).to.equal(access_token);
    expect(clouds).to.include("demo-cloud");
    expect(JSON.parse(served ?? "")).to.include({ access_token });
    const { accessKeyId } = emulator.issuedAccessKeys[0] ?? expect.fail("no key");
    expect(JSON.parse(keys ?? "")).to.include({ AccessKeyId: accessKeyId });
    expect(masked).to.equal("the token is ***\n");
    expect(JSON.parse((beside ?? "").replace("ok\n", ""))).to.include({ access_token });
  });
});
