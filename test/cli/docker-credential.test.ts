import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import manifest from "../../package.json";
import { ok } from "../support/run-command";
import { Cli } from "./run";

const KEY = { YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" };

describe("docker-credential-yciam", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let cli: Cli;

  before(async () => {
    emulator = await startEmulator();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint }, "docker-credential-yciam");
    cli.write("key.json", JSON.stringify(await emulator.createKey()));
  });
  after(async () => {
    cli.cleanup();
    await emulator.close();
  });

  const get = (input: string, env: Record<string, string> = {}) =>
    cli.run(["get"], { input, env: { ...KEY, ...env } });

  for (const server of ["cr.yandex", "https://CR.yandex:443\n", "https://registry.yandexcloud.net/v2/"]) {
    it(`gives a token to ${JSON.stringify(server)}`, async () => {
      const { stdout, stderr } = ok(await get(server));
      const Secret = emulator.issuedTokens.at(-1)?.token;
      expect(JSON.parse(stdout)).to.deep.equal({ ServerURL: server.trim(), Username: "iam", Secret });
      expect(stderr).to.equal("");
    });
  }

  it("gives one to a registry that YCIAM_REGISTRIES names, and lists it", async () => {
    const env = { YCIAM_REGISTRIES: "127.0.0.1:5000, CR.example" };
    expect(JSON.parse(ok(await get("http://127.0.0.1:5000", env)).stdout)).to.include({ Username: "iam" });
    const { stdout } = ok(await cli.run(["list"], { input: "unused", env }));
    const names = ["cr.yandex", "registry.yandexcloud.net", "127.0.0.1:5000", "cr.example"];
    expect(JSON.parse(stdout)).to.deep.equal(
      Object.fromEntries(names.map((name) => [`https://${name}`, "iam"])),
    );
  });

  for (const [what, words, input, said] of [
    // The one text that lets a client go on without credentials.
    [
      "another registry",
      ["get"],
      "https://index.docker.io/v1/",
      /^credentials not found in native keychain\n$/,
    ],
    ["one that ends alike", ["get"], "evilcr.yandex", /^credentials not found/],
    ["one that has it in its path", ["get"], "https://evil.example/cr.yandex", /^credentials not found/],
    ["one that has it for a user", ["get"], "https://cr.yandex@evil.example", /^credentials not found/],
    ["no registry", ["get"], "\n", /^no credentials server URL\n$/],
    ["no credential", ["get"], "cr.yandex", /^No credential was found\.[^]*; here the variables count\.\n$/],
    ["to send one in clear", ["get"], "http://cr.yandex", /^no token goes to cr\.yandex without TLS/],
    ["a login to keep", ["store"], "{}", /^docker login is not needed/],
    ["one to forget", ["erase"], "cr.yandex", /^docker logout does nothing/],
    ["another word", ["got"], "", /^Usage: docker-credential-yciam get\|list/],
  ] as const) {
    it(`refuses ${what} on standard output, with code 1 and no token`, async () => {
      const env = what === "no credential" ? {} : KEY;
      const { code, stdout, stderr } = await cli.run(words, { input, env });
      expect({ code, stderr }).to.deep.equal({ code: 1, stderr: "" });
      expect(stdout).to.match(said);
    });
  }

  it("tells its version", async () => {
    const { stdout } = ok(await cli.run(["version"]));
    expect(stdout).to.equal(`docker-credential-yciam ${manifest.version}\n`);
  });
});
