import { expect } from "chai";
import { chmodSync, chownSync, cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import manifest from "../../package.json";
import { bareEnvironment } from "../support/engine-env";
import { findCanaries } from "../support/canary";
import { folderForEach } from "../support/folders";
import { ok, runCommand } from "../support/run-command";

const DIST = join(__dirname, "../../dist");
const RESOLVERS = join(DIST, "sdk/nodejs/resolvers.js");

describe("the compiled code of a program of the npm package", function () {
  this.timeout(60_000);
  const folder = folderForEach();
  let emulator: Emulator;
  let key: KeyFile;
  let library: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
    library = join(folder.path, "lib");
    const isCode = (path: string) => !path.includes(".cache");
    for (const name of ["bin", "lib"])
      cpSync(join(DIST, name), join(folder.path, name), { recursive: true, filter: isCode });
    writeFileSync(join(folder.path, "key.json"), JSON.stringify(key));
  });
  afterEach(() => emulator.close());

  const run = (args: readonly string[], more: Record<string, string> = {}): Promise<string> =>
    runWords([process.execPath, "bin/yciam.js", ...args], more);
  const runWords = async (argv: readonly string[], more: Record<string, string> = {}): Promise<string> => {
    const credential = {
      YC_SERVICE_ACCOUNT_KEY_FILE: join(folder.path, "key.json"),
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
      YCIAM_CACHE: "none",
    };
    const env = { ...bareEnvironment(folder.path), ...credential, ...more };
    return ok(await runCommand(argv, { env, cwd: folder.path })).stdout;
  };
  const printed = () => `${emulator.issuedTokens.at(-1)?.token}\n`;
  const kept = () => readdirSync(library).filter((name) => name.includes(".cache"));
  /** What tells a file from one that was written anew. */
  const identities = () =>
    kept().map((name) => {
      const { ino, mtimeNs } = statSync(join(library, name), { bigint: true });
      return `${name} ${ino} ${mtimeNs}`;
    });
  const modes = () => kept().map((name) => statSync(join(library, name)).mode & 0o777);

  it("is kept by the first run that asks for a token, beside the program, and used from then on", async () => {
    await run(["--version"]);
    expect(kept()).to.deep.equal([]);
    expect(await run(["token"])).to.equal(printed());
    const suffix = `.js.${process.version}-${process.platform}-${process.arch}.cache`;
    expect(kept()).to.have.members(["got", "jose-jwt-sign", "yciam"].map((name) => name + suffix));
    const before = identities();
    expect(await run(["token"])).to.equal(printed());
    expect(identities()).to.deep.equal(before);
    expect(await run(["token"], { NODE_OPTIONS: "--max-old-space-size=512" })).to.equal(printed());
    expect(identities(), "of other flags").to.deep.equal(before);
  });

  it("is not kept by a run that fails", async () => {
    emulator.faults.inject({ status: 401 });
    const ended = run(["token"]).then(
      () => "well",
      () => "badly",
    );
    expect(await ended).to.equal("badly");
    expect(kept()).to.deep.equal([]);
  });

  it("still loads what it needs late: a key by a pipe, a module of the user's own", async () => {
    await run(["token"]);
    writeFileSync(
      join(folder.path, "mine.mjs"),
      `import { Secret, defineResolver } from ${JSON.stringify(RESOLVERS)};
await undefined;
const resolve = () => ({ id: "mine", token: async () => ({ token: new Secret("t1.mine.mine") }) });
export const mine = defineResolver({ name: "mine", summary: "Mine.", options: {}, resolve });`,
    );
    for (const command of ["explain", "token"]) {
      const piped = `cat key.json | "$0" bin/yciam.js ${command} --service-account-key-file /dev/fd/3 3<&0 </dev/null`;
      expect(await runWords(["sh", "-c", piped, process.execPath])).to.include(
        command === "token" ? printed() : "serviceAccountKey",
      );
      const own = [command, "--resolver-modules", "./mine.mjs", "--resolvers", "mine"];
      expect(await run(own)).to.include(command === "token" ? "t1.mine.mine\n" : "mine");
    }
  });

  for (const [program, word, says] of [
    ["docker-credential-yciam", "version", `docker-credential-yciam ${manifest.version}\n`],
    ["pulumi-resource-yciam", "--version", `${manifest.version}\n`],
    ["terraform-provider-yciam", "", "is a plugin of Terraform and OpenTofu"],
  ] as const) {
    it(`does not stand in the way of ${program}`, async () => {
      const argv = [process.execPath, `bin/${program}.js`, word];
      const { stdout, stderr } = await runCommand(argv, { cwd: folder.path, env: {} });
      expect(stdout + stderr).to.include(says);
    });
  }

  it("has no secret in it", async () => {
    await run(["token"]);
    const traces = kept().flatMap((where) =>
      (["latin1", "utf16le"] as const).map((encoding) => ({
        where,
        text: readFileSync(join(library, where), encoding),
      })),
    );
    const token = { name: "token", value: printed().trim() };
    const canaries = [token, { name: "key", value: key.private_key }];
    expect(findCanaries(canaries, traces)).to.deep.equal([]);
    const words = { name: "what the program itself says", value: "Prints an IAM token" };
    expect(findCanaries([words], traces)).to.have.length(1);
  });

  it("is kept anew where it is damaged, cut, or of another program", async () => {
    await run(["token"]);
    const damages: Readonly<Record<string, (name: string) => void>> = {
      damaged: (name) => {
        const data = readFileSync(join(library, name));
        data.fill(0xff, data.length / 2);
        writeFileSync(join(library, name), data);
      },
      cut: (name) => writeFileSync(join(library, name), readFileSync(join(library, name)).subarray(0, 20)),
      "of another program": (name) => {
        const file = join(library, name.replace(/\.v\d.*$/, ""));
        writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
      },
    };
    for (const [how, damage] of Object.entries(damages)) {
      const before = identities();
      kept().forEach(damage);
      expect(await run(["token"]), how).to.equal(printed());
      expect(identities(), how).to.have.length(3);
      expect(identities().filter((one) => before.includes(one))).to.deep.equal([], how);
      const mended = identities();
      await run(["token"]);
      expect(identities(), how).to.deep.equal(mended);
    }
  });

  it("does not run once the program was changed, to one as long", async () => {
    await run(["token"]);
    const file = join(library, "yciam.js");
    const text = readFileSync(file, "utf8");
    expect(text).to.include("Authorization: ");
    writeFileSync(file, text.replaceAll("Authorization: ", "authorization: "));
    expect(await run(["token", "--output", "header"])).to.match(/^authorization: Bearer /);
  });

  it("may be written by nobody else, whatever the umask", async () => {
    await runWords(["sh", "-c", 'umask 0; exec "$0" bin/yciam.js token', process.execPath]);
    expect(modes()).to.deep.equal([0o644, 0o644, 0o644]);
    const before = identities();
    kept().forEach((name) => chmodSync(join(library, name), 0o666));
    expect(await run(["token"])).to.equal(printed());
    expect(modes()).to.deep.equal([0o644, 0o644, 0o644]);
    expect(identities().filter((one) => before.includes(one))).to.deep.equal([]);
  });

  it("is not kept where that is switched off", async () => {
    expect(await run(["token"], { NODE_DISABLE_COMPILE_CACHE: "1" })).to.equal(printed());
    expect(kept()).to.deep.equal([]);
  });

  it("is not kept where the program belongs to another, or may not be written", async function () {
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) chownSync(library, 65534, 65534);
    else chmodSync(library, 0o500);
    expect(await run(["token"])).to.equal(printed());
    expect(kept()).to.deep.equal([]);
    chmodSync(library, 0o700);
  });
});
