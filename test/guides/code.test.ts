import { expect } from "chai";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { engineFolders } from "../support/engine-env";
import { startService } from "../support/grpc-service";
import { followGuide } from "../support/guides";
import { GuideWorld } from "./world";

const ROOT = join(__dirname, "../..");
const CLOUDS = "/yandex.cloud.resourcemanager.v1.CloudService/List";
const YDB = "/Ydb.Discovery.V1.DiscoveryService/ListEndpoints";

/** An operation of YDB's that is ready and went well, with a list of no endpoints: `ListEndpointsResponse`. */
const NO_ENDPOINTS = ((): Buffer => {
  const field = (tag: number, value: Buffer) => Buffer.concat([Buffer.from([tag, value.length]), value]);
  const type = Buffer.from("type.googleapis.com/Ydb.Discovery.ListEndpointsResult");
  const [ready, success] = [Buffer.from([0x10, 1]), Buffer.from([0x18, 0x80, 0xb5, 0x18])];
  return field(0x0a, Buffer.concat([ready, success, field(0x2a, field(0x0a, type))]));
})();

describe("the guide to programs of one's own (skipped without npm)", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let packages: string | undefined;

  before(async function () {
    [packages] = (await engineFolders("npm")) ?? [];
    if (packages === undefined) this.skip();
  });
  beforeEach(async () => (world = await GuideWorld.create()));
  afterEach(() => world?.close());

  it("is true from its first line to its last", async () => {
    const { emulator, home, reader } = world;
    world.write("key.json", JSON.stringify(await emulator.createKey()));
    mkdirSync(join(home, "node_modules"));
    symlinkSync(ROOT, join(home, "node_modules/yciam"));
    for (const scope of ["@yandex-cloud", "@ydbjs"])
      symlinkSync(join(packages as string, "node_modules", scope), join(home, "node_modules", scope));
    const services = await Promise.all([
      startService(emulator, CLOUDS, (sent) => String(sent.get("authorization")[0]).slice("Bearer ".length)),
      startService(emulator, YDB, (sent) => sent.get("x-ydb-auth-ticket")[0], NO_ENDPOINTS),
    ]);
    const authority = world.write("ca.pem", services[0].authority);
    const env = { ...reader.env, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: authority };
    const instead = {
      "https://resource-manager.api.cloud.yandex.net": emulator.url,
      "client(CloudServiceClient)": `client(CloudServiceClient, "${services[0].address}")`,
      "ydb.serverless.yandexcloud.net:2135": services[1].address,
    };
    const results = await followGuide("code", { ...reader, env, instead });
    services.forEach((service) => service.close());
    expect(results.map(({ stdout }) => stdout)).to.deep.equal(["demo-cloud\n", "0 clouds\n", "connected\n"]);
  });
});
