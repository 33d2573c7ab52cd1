import { expect } from "chai";
import { dirname, join } from "node:path";
import { which } from "../engines/on-path";
import { GuideWorld } from "../guides/world";
import { findCanaries } from "../support/canary";
import { engineFolders } from "../support/engine-env";
import { type ImageRegistry, startImageRegistry } from "../support/image-registry";
import { readTree } from "../support/pulumi-files";
import { type CommandResult, ok, runCommand } from "../support/run-command";

/** What copies an image: their words, given where from and where to. */
const COPIERS: Readonly<Record<string, (from: string, to: string) => readonly string[]>> = {
  imagecopy: (from, to) => ["imagecopy", from, to],
  skopeo: (from, to) => ["skopeo", "--insecure-policy", "copy", `docker://${from}`, `docker://${to}`],
  crane: (from, to) => ["crane", "copy", from, to],
};

/** One program is looked for, and none is built: imagecopy is of the same library. */
const SKOPEO = which("skopeo", process.env as Record<string, string>);

const REFUSED = /unauthorized|authentication required/i;

describe("a real registry of images, by docker-credential-yciam", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let registry: ImageRegistry;
  let env: Record<string, string>;
  const results: CommandResult[] = [];

  before(async function () {
    const folders = await engineFolders("registry");
    if (folders === undefined) return this.skip();
    const all = [...folders, ...(SKOPEO === undefined ? [] : [dirname(SKOPEO)])];
    world = await GuideWorld.create(all, { reuseWhileMs: Infinity });
    registry = await startImageRegistry(world.emulator, join(folders[0] as string, "registry"), world.home);
    world.write(".docker/config.json", JSON.stringify({ credHelpers: { [registry.host]: "yciam" } }));
    const plain = `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`;
    for (const home of ["", "none/"]) world.write(`${home}.config/containers/registries.conf`, plain);
    // An empty tar file.
    world.write("layer.tar", "\0".repeat(1024));
    env = {
      ...world.reader.env,
      YC_SERVICE_ACCOUNT_KEY_FILE: world.write("key.json", JSON.stringify(await world.emulator.createKey())),
      YCIAM_REGISTRIES: registry.host,
    };
  });
  after(async () => {
    await registry?.close();
    await world?.close();
  });

  const run = async (argv: readonly string[], more: Record<string, string> = {}) => {
    const result = await runCommand(argv, { cwd: world.home, env: { ...env, ...more } });
    results.push(result);
    return result;
  };
  const push = (tag: string, more = {}) =>
    run(["crane", "append", "--new_layer", "layer.tar", "--new_tag", `${registry.host}/${tag}`], more);
  const digest = async (tag: string) => ok(await run(["crane", "digest", `${registry.host}/${tag}`])).stdout;

  it("is pushed to and pulled from by crane, with one exchange", async () => {
    ok(await push("app:1"));
    ok(await run(["crane", "pull", `${registry.host}/app:1`, "pulled.tar"]));
    expect(world.emulator.counts).to.include({ exchanges: 1 });
    expect(world.emulator.counts.registryToken).to.be.greaterThan(1);
  });

  for (const [name, words] of Object.entries(COPIERS)) {
    const isMissing = name === "skopeo" && SKOPEO === undefined;
    const note = isMissing ? " (skipped: there is none on PATH)" : "";
    it(`is copied from and to by ${name}, and not without the helper${note}`, async function () {
      if (isMissing) this.skip();
      const [from, to] = ["app:1", `${name}:1`].map((tag) => `${registry.host}/${tag}`) as [string, string];
      const without = await run(words(from, to), { HOME: join(world.home, "none") });
      expect(without.stderr).to.match(REFUSED);
      ok(await run(words(from, to)));
      expect(await digest(`${name}:1`)).to.equal(await digest("app:1"));
    });
  }

  it("refuses a token that was revoked, until the cache has been told so", async () => {
    ok(await push("app:2"));
    world.emulator.issuedTokens.forEach((token) => (token.revoked = true));
    expect((await push("app:3")).stderr).to.match(REFUSED);
    // It ends with code 1, since there is nothing left to revoke.
    const told = await run(["sh", "-c", "yciam token | yciam revoke"]);
    expect(told.stderr).to.include("the cache has forgotten it");
    ok(await push("app:3"));
  });

  it("has left no token in an output, a log or a file", () => {
    const tokens = world.emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
    expect(tokens).to.have.length(2);
    const printed = results.map(({ argv, stdout, stderr }) => ({
      where: argv.join(" "),
      text: stdout + stderr,
    }));
    const files = [...readTree(world.home)].map(([where, text]) => ({ where, text }));
    const log = { where: "registry", text: registry.log.join("\n") };
    expect(findCanaries(tokens, [...printed, ...files, log])).to.deep.equal([]);
  });
});
