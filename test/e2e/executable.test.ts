import { expect } from "chai";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { runtimeFacts, runtimeFolder } from "../../scripts/artefacts/runtime.mjs";
import { Cli } from "../cli/run";
import { startServer } from "../platform/server";
import { folderForEach } from "../support/folders";
import { runsExecutable, wordsOf } from "../support/programs";
import { ok, runCommand } from "../support/run-command";

const ROOT = join(__dirname, "../..");
const [EXECUTABLE = ""] = wordsOf("yciam");
const TOKEN = "t1.of-the-executable.signature";

/** Each would print, or change what is answered, if the runtime read it. */
const EVIL: Readonly<Record<string, string>> = {
  "evil.js": 'console.log("EVIL"); console.error("EVIL");',
  "token.js": 'console.log("EVIL");',
  ".env": "YCIAM_RESOLVERS=oauthToken\nYC_IAM_TOKEN=t1.of-the-folder.signature\n",
  ".env.production": "YCIAM_RESOLVERS=oauthToken\n",
  "bunfig.toml": 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n',
  "package.json":
    '{ "name": "evil", "type": "module", "bun": { "preload": "./evil.js" }, "scripts": { "token": "echo EVIL" } }',
  "tsconfig.json": '{ "compilerOptions": { "paths": { "*": ["./evil.js"] } } }',
};

// Node has other ways, which are the user's own: NODE_OPTIONS is meant for it.
(runsExecutable ? describe : describe.skip)("the executable", function () {
  this.timeout(60_000);
  const folder = folderForEach();
  let cli: Cli;
  beforeEach(() => (cli = new Cli({ YC_IAM_TOKEN: TOKEN })));
  afterEach(() => cli.cleanup());

  const variables: readonly Readonly<Record<string, string>>[] = [
    {},
    { NODE_OPTIONS: "--require ./evil.js", NODE_PATH: "." },
    { BUN_OPTIONS: "--preload ./evil.js" },
    { BUN_INSPECT: "ws://127.0.0.1:0/debug", BUN_INSPECT_PRELOAD: "./evil.js" },
    { BUN_CONFIG_VERBOSE_FETCH: "curl", DEBUG: "*", NODE_DEBUG: "http,tls" },
  ];
  for (const env of variables) {
    it(`reads nothing of its folder, and prints no more, with ${Object.keys(env).join(", ") || "no variable"}`, async () => {
      for (const [name, content] of Object.entries(EVIL)) cli.write(name, content);
      const { code, stdout, stderr } = await cli.run(["token"], { env });
      expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: `${TOKEN}\n`, stderr: "" });
    });
  }

  it("lets no debugger in", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    const env = { BUN_INSPECT: `ws://127.0.0.1:${port}/debug` };
    const child = cli.start(["emulator"], ["ignore", "pipe", "ignore"], env);
    await once(child.stdout!, "data");
    const [error] = (await once(connect(port, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    child.kill("SIGKILL");
    expect(error.code).to.equal("ECONNREFUSED");
  });

  it("asks no registry for a resolver module, or what that imports, where it is not installed", async () => {
    const registry = await startServer((response) => void response.writeHead(404).end());
    const names = ["npm_config_registry", "NPM_CONFIG_REGISTRY", "BUN_CONFIG_REGISTRY"];
    const env = Object.fromEntries(names.map((name) => [name, registry.url]));
    cli.write("mine.cjs", 'require("left-pad");');
    cli.write("mine.mjs", 'import "left-pad";');
    try {
      for (const module of ["left-pad", "left-pad@1.3.0", "./mine.cjs", "./mine.mjs"]) {
        const { code, stderr } = await cli.run(["token", "--resolver-modules", module], { env });
        const says = /^yciam: --resolver-modules names \S+, which cannot be loaded \(\w*MODULE_NOT_FOUND\)/;
        expect(stderr).to.match(says);
        expect(code).not.to.equal(0);
      }
      expect(registry.received).to.deep.equal([]);
      // The runtime itself does ask.
      const argv = [EXECUTABLE, "mine.mjs"];
      await runCommand(argv, { cwd: cli.home, env: { HOME: cli.home, BUN_BE_BUN: "1", ...env } });
      expect(registry.received[0]?.url).to.equal("/left-pad");
    } finally {
      await registry.close();
    }
  });

  const PACKAGES: Readonly<Record<string, readonly [string, string]>> = {
    "by its path": ["./mine.js", ""],
    "from a package for `require`": ["mine", '{ "name": "mine", "main": "./main.js" }'],
    "from a package with `exports`": ["mine/row", '{ "name": "mine", "exports": { "./row": "./main.js" } }'],
    "from a package for `import` alone": [
      "mine",
      '{ "name": "mine", "exports": { "import": "./main.mjs" } }',
    ],
  };
  for (const [how, [module, description]] of Object.entries(PACKAGES)) {
    it(`loads a resolver ${how}, which finds yciam/resolvers by that name`, async () => {
      const library = "{ defineResolver, Secret }";
      const row = `defineResolver({ name: "mine", summary: "Mine.", options: {},
        resolve: () => ({ id: "x", token: async () => ({ token: new Secret("${TOKEN}") }) }) })`;
      // As TypeScript compiles it.
      const mark = 'Object.defineProperty(exports, "__esModule", { value: true });';
      const common = `${mark} const ${library} = require("yciam/resolvers"); exports.default = ${row};`;
      mkdirSync(join(cli.home, "node_modules/mine"), { recursive: true });
      symlinkSync(ROOT, join(cli.home, "node_modules/yciam"));
      cli.write("mine.js", common);
      cli.write("node_modules/mine/main.js", common);
      cli.write(
        "node_modules/mine/main.mjs",
        `import ${library} from "yciam/resolvers"; export const a = ${row};`,
      );
      if (description !== "") cli.write("node_modules/mine/package.json", description);
      const args = ["token", "--resolver-modules", module, "--resolvers", "mine"];
      expect(ok(await cli.run(args, { env: { YC_IAM_TOKEN: "" } })).stdout).to.equal(`${TOKEN}\n`);
    });
  }

  it("is not built from a runtime that is another than was chosen, nor without one then", async () => {
    const platform = `${process.platform}-${process.arch}`;
    const cache = join(folder.path, "yciam/runtimes", runtimeFolder(platform), "package/bin");
    mkdirSync(cache, { recursive: true });
    const { version } = runtimeFacts(platform);
    writeFileSync(join(cache, "bun"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    const script = join(ROOT, "scripts/artefacts/executable.mjs");
    const env = { PATH: process.env.PATH ?? "", XDG_CACHE_HOME: folder.path };
    const argv = [process.execPath, script, join(folder.path, "out")];
    const { code, stderr } = await runCommand(argv, { env, cwd: ROOT });
    expect(code).to.equal(1);
    expect(stderr).to.include("is not the runtime that is expected");
  });

  const NAMES: Readonly<Record<string, RegExp>> = {
    "terraform-provider-yciam_v9.9.9": /is a plugin of Terraform and OpenTofu/,
    "pulumi-resource-yciam": /^\d+\n$/,
    "yciam-2": /^\d+\.\d+\.\d+\n$/,
    "my-terraform-provider-yciam": /^\d+\.\d+\.\d+\n$/,
  };
  for (const [name, says] of Object.entries(NAMES)) {
    it(`is by its name, be it a link or a copy: ${name}`, async () => {
      for (const make of [symlinkSync, copyFileSync]) {
        mkdirSync(join(folder.path, make.name));
        const program = join(folder.path, make.name, name);
        make(EXECUTABLE, program);
        // The plugin of Pulumi ends when its input does.
        const argv = [program, name.startsWith("pulumi") ? "127.0.0.1:1" : "--version"];
        const { stdout, stderr } = await runCommand(argv, { env: {}, cwd: folder.path });
        expect(stdout + stderr, make.name).to.match(says);
      }
    });
  }

  it("is the same wherever it is built, and has no path of the machine that built it", async () => {
    const script = join(ROOT, "scripts/artefacts/executable.mjs");
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: homedir(),
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? "",
    };
    ok(await runCommand([process.execPath, script, folder.path], { env, cwd: folder.path }));
    const [bytes, again] = [readFileSync(EXECUTABLE), readFileSync(join(folder.path, basename(EXECUTABLE)))];
    expect(again.equals(bytes)).to.equal(true);
    for (const path of [ROOT, homedir(), folder.path].filter(({ length }) => length > 5))
      expect(bytes.includes(path), path).to.equal(false);
  });
});
