import { expect } from "chai";
import { dirname, join } from "node:path";
import { type Emulator } from "../../emulator";
import { which } from "../engines/on-path";
import { GuideWorld } from "../guides/world";
import { findCanaries } from "../support/canary";
import { goModule, type PackageRegistry, startPackageRegistry } from "../support/package-registry";
import { readTree } from "../support/pulumi-files";
import { ok, runCommand } from "../support/run-command";

const MODULES = ["one", "two", "three"].map((name) => `example.test/${name}`);
const GO = which("go", process.env as Record<string, string>);
const HALF_AN_HOUR = 1_800_000;

describe("yciam goauth", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let registry: PackageRegistry;
  let emulator: Emulator;
  /** What a user of the registry has in the environment. */
  let env: Record<string, string>;

  beforeEach(async () => {
    world = await GuideWorld.create(GO === undefined ? [] : [dirname(GO)]);
    ({ emulator } = world);
    const files = await Promise.all(MODULES.map((path) => goModule("/go/r1", path, "v1.0.0")));
    registry = await startPackageRegistry(emulator, Object.assign({}, ...files) as Record<string, string>);
    env = {
      ...world.reader.env,
      YC_SERVICE_ACCOUNT_KEY_FILE: world.write("key.json", JSON.stringify(await emulator.createKey())),
      YCIAM_REGISTRIES: registry.host,
      SSL_CERT_FILE: world.write("authority.pem", registry.certificate),
    };
  });
  afterEach(async () => {
    await registry.close();
    await world.close();
  });

  const goauth = async (args: readonly string[], input = "") =>
    ok(await runCommand(["yciam", "goauth", ...args], { cwd: world.home, env, input })).stdout;
  const blockOf = (origins: readonly string[], token = "") =>
    `${origins.map((origin) => `${origin}/\n`).join("")}\nAuthorization: Basic ${Buffer.from(`iam:${token}`).toString("base64")}\n\n`;
  const newest = () => emulator.issuedTokens.at(-1)?.token;

  describe("called by the real go", () => {
    before(function () {
      if (GO === undefined) this.skip();
    });

    /** A go that has downloaded nothing yet. */
    const download = (modules: readonly string[], more: Record<string, string> = {}) => {
      const own = {
        GOPATH: join(world.home, "go"),
        GOFLAGS: "-modcacherw",
        GOTOOLCHAIN: "local",
        GONOSUMDB: "*",
      };
      const proxy = { GOPROXY: `https://${registry.host}/go/r1`, GOAUTH: "yciam goauth", GOTELEMETRY: "off" };
      const names = modules.map((path) => `${path}@v1.0.0`);
      const options = { cwd: world.home, env: { ...env, ...own, ...proxy, ...more }, timeoutMs: 60_000 };
      return runCommand(["go", "mod", "download", "-x", ...names], options);
    };

    it("opens the registry, which is closed without it, and leaves the token nowhere", async () => {
      expect((await download(MODULES, { GOAUTH: "off" })).stderr).to.include("401");
      const { stdout, stderr } = ok(await download(MODULES));
      expect(emulator.counts.exchanges).to.equal(1);
      const token = [{ name: "token", value: newest() as string }];
      const tree = [...readTree(world.home)].map(([where, text]) => ({ where, text }));
      const traces = [{ where: "output", text: stdout + stderr }, ...tree];
      expect(findCanaries(token, traces)).to.deep.equal([]);
      expect(findCanaries(token, [{ where: "stdout", text: await goauth([]) }])).to.have.length(1);
    });

    it("gets a new token, once, where the one that is cached was revoked", async () => {
      emulator.clockOffsetMs = -HALF_AN_HOUR;
      ok(await download(MODULES.slice(0, 1)));
      emulator.clockOffsetMs = 0;
      emulator.issuedTokens.forEach((token) => (token.revoked = true));
      ok(await download(MODULES, { GOPATH: join(world.home, "go2") }));
      expect(registry.statuses.get(401)).to.equal(1);
      expect(emulator.counts.exchanges).to.equal(2);
    });
  });

  it("is for Cloud Registry and those that YCIAM_REGISTRIES names; cr.yandex has no Go modules", async () => {
    const out = await goauth([]);
    expect(out).to.equal(blockOf(["https://registry.yandexcloud.net", `https://${registry.host}`], newest()));
  });

  for (const [what, url] of [
    ["another host", "https://proxy.golang.org/go/r1"],
    ["one that ends alike", "https://evilregistry.yandexcloud.net/go/r1"],
    ["one that has it for a user", "https://registry.yandexcloud.net@evil.example/go/r1"],
    ["one that has it in its query", "https://evil.example?https://registry.yandexcloud.net/"],
    ["no TLS", "http://registry.yandexcloud.net/go/r1"],
    ["images alone", "https://cr.yandex/go/r1"],
  ] as const) {
    it(`gives nothing to ${what}, and asks for nothing`, async () => {
      expect(await goauth([url], "HTTP/2.0 401 Unauthorized\n\n")).to.equal("");
      expect(emulator.counts.exchanges).to.equal(0);
    });
  }

  it("gets one new token for all the requests that are refused at once", async () => {
    emulator.clockOffsetMs = -HALF_AN_HOUR;
    await goauth([]);
    Object.assign(emulator, { clockOffsetMs: 0, reuseWhileMs: Infinity });
    const head = `HTTP/2.0 401 Unauthorized\nDate: ${new Date().toUTCString()}\n\n`;
    const urls = MODULES.flatMap((path) =>
      [".info", ".mod"].map((end) => `https://${registry.host}/${path}${end}`),
    );
    const answers = await Promise.all(urls.map((url) => goauth([url], head)));
    expect([...new Set(answers)]).to.deep.equal([blockOf([`https://${registry.host}`], newest())]);
    expect(emulator.counts.exchanges).to.equal(2);
  });

  for (const [what, head, exchanges] of [
    ["the same token again after another refusal than 401", "HTTP/2.0 404 Not Found\n\n", 1],
    [
      "the same token again where it is newer than the refusal",
      "HTTP/1.1 401 Unauthorized\nDate: PAST\n\n",
      1,
    ],
    ["the same token again where it was got just before", "HTTP/1.1 401 Unauthorized\nDate: NOW\n\n", 1],
    ["a new token after a 401", "HTTP/2.0 401 Unauthorized\ndate: FUTURE\n\n", 2],
    ["a new token after a 401 without a date", "HTTP/1.1 401 Unauthorized\n\n", 2],
  ] as const) {
    it(`gives ${what}`, async () => {
      emulator.reuseWhileMs = Infinity;
      await goauth([]);
      const at = (ms: number) => new Date(Date.now() + ms).toUTCString();
      const input = head.replace("PAST", at(-60_000)).replace("NOW", at(0)).replace("FUTURE", at(60_000));
      const origin = "https://Registry.YandexCloud.net:443";
      expect(await goauth([`${origin}/go/r1/x/@v/list`], input)).to.equal(blockOf([origin], newest()));
      expect(emulator.counts.exchanges).to.equal(exchanges);
    });
  }
});
