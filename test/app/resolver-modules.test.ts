import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { createApp } from "../../provider/app";
import { OptionError } from "../../provider/core/words/errors";
import { startWorld, type World } from "../contract/resolver-world";
import { at, getToken, refusalOf } from "../resolvers/support";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";

const ROOT = join(__dirname, "../..");
const TOKEN = "t1.tokenofamodule.signature";

/** A resolver in plain JavaScript, as the text of a module. */
const resolver = (
  name: string,
  body = `({ id: "${name}", token: async () => ({ token: new Secret("${TOKEN}") }) })`,
) =>
  `defineResolver({ name: "${name}", summary: "A test.", options: { word: { kind: "string", doc: "A word." } },
    async resolve({ options, source }) { return ${body}; } })`;
const [MINE, OTHER] = [resolver("mine"), resolver("other")];
const COMMONJS = `const { defineResolver, Secret, unavailable, CredentialError, say } = require("yciam/resolvers");\n`;
const ES_MODULE = COMMONJS.replace("const", "import").replace(/= require\((.*)\)/, "from $1");

describe("resolverModules", () => {
  const folder = folderForEach();
  beforeEach(() => {
    mkdirSync(join(folder.path, "node_modules"));
    symlinkSync(ROOT, join(folder.path, "node_modules/yciam"), "dir");
  });

  const write = (path: string, text: string) => {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const use = (module: string, more = {}) => ({ resolverModules: [module], resolvers: ["mine"], ...more });
  /** The current folder counts for relative paths and packages; it is the process's own, so it is put back. */
  const inFolder = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      return await work();
    } finally {
      process.chdir(before);
    }
  };

  const forms: readonly [string, string, string][] = [
    ["a named export of CommonJS", "a.cjs", `${COMMONJS}exports.mine = ${MINE};`],
    ["the module itself of CommonJS", "b.cjs", `${COMMONJS}module.exports = ${MINE};`],
    ["a default export", "c.mjs", `${ES_MODULE}export default ${MINE};`],
    ["a named export", "d.mjs", `${ES_MODULE}export const mine = ${MINE};`],
    ["one of several", "e.mjs", `${ES_MODULE}export const x = 1, other = ${OTHER}, mine = ${MINE};`],
    ["a default list", "f.mjs", `${ES_MODULE}export default [${OTHER}, ${MINE}];`],
    ["a nested default export of a compiler", "g.cjs", `${COMMONJS}exports.default = { mine: ${MINE} };`],
  ];
  for (const [name, path, text] of forms) {
    it(`takes ${name}`, async () => {
      const result = await getToken(use(write(path, text)), testContext());
      expect(result.resolver).to.equal("mine");
      expect(result.token.reveal()).to.equal(TOKEN);
    });
  }

  it("takes a path from the current folder, and a package from where it is installed there", async () => {
    write("own/mine.cjs", forms[0]?.[2] ?? "");
    write("node_modules/my-resolvers/package.json", `{"name":"my-resolvers","main":"main.cjs"}`);
    write("node_modules/my-resolvers/main.cjs", forms[0]?.[2] ?? "");
    for (const module of ["./own/mine.cjs", "my-resolvers"])
      expect((await inFolder(() => getToken(use(module), testContext()))).resolver).to.equal("mine");
  });

  it("takes options for it under its name, and checks them", async () => {
    const needsWord = `options.word === undefined ? unavailable("no word", "set mine.word") : { id: options.word, token: async () => ({ token: new Secret(options.word) }) }`;
    const module = write("w.cjs", `${COMMONJS}exports.mine = ${resolver("mine", needsWord)};`);
    const config = { resolverModules: [module], mine: { word: "abracadabra" } };
    const result = await getToken(config, testContext());
    expect(result.token.reveal()).to.equal("abracadabra");
    for (const wrong of [{ mine: { wrod: "x" } }, { mine: { word: 7 } }, { other: {} }]) {
      const error = await refusalOf({ resolverModules: [module], ...wrong }, testContext());
      expect(error).to.be.instanceOf(OptionError);
    }
  });

  it("comes last in the default chain", async () => {
    const module = write("a.cjs", forms[0]?.[2] ?? "");
    const { resolvers, chosen } = await createApp({ resolverModules: [module] }, testContext()).explain();
    expect(chosen).to.equal("mine");
    expect(resolvers.at(-1)?.resolver).to.equal("mine");
    const env = { YC_IAM_TOKEN: "t1.first.one" };
    const first = await getToken({ resolverModules: [module] }, testContext({ env }));
    expect(first.resolver).to.equal("iamToken");
  });

  it("runs no module that is not named", async () => {
    const marker = join(folder.path, "was-loaded");
    const text = `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`;
    write("node_modules/yciam-resolver-x/index.js", text);
    await inFolder(() => createApp({}, testContext()).explain());
    expect(existsSync(marker)).to.equal(false);
  });

  const secret = "thesecretthatamoduletells";
  const wrong: readonly [string, string, RegExp][] = [
    ["one that throws", `throw new Error("${secret}")`, /cannot be loaded \(Error\)/],
    ["one that does not parse", `const ${secret} = ;`, /cannot be loaded \(SyntaxError\)/],
    ["one without a resolver", `exports.answer = 42`, /exports no resolver made by defineResolver/],
    [
      "an object that is none",
      `exports.mine = { name: "my own", resolve() {} }`,
      /an object that is no resolver/,
    ],
    [
      "a name that is taken",
      `${COMMONJS}exports.x = ${resolver("iamToken")}`,
      /two resolvers are named iamToken/,
    ],
  ];
  for (const [name, text, message] of wrong) {
    it(`stops at ${name}`, async () => {
      const error = await refusalOf({ resolverModules: [write("wrong.cjs", text)] }, testContext());
      expect(error.code).to.equal("ERR_YCIAM_OPTION");
      expect(error.message).to.match(message).and.not.include(secret);
    });
  }

  it("stops at a module that is not there, and says where it is looked for", async () => {
    for (const module of ["./nowhere.cjs", "no-such-package"]) {
      const { message } = await refusalOf({ resolverModules: [module] }, testContext());
      expect(message).to.match(
        /cannot be loaded \(\w*MODULE_NOT_FOUND\)\. A path is taken from the current folder/,
      );
      expect(message).to.include(module);
    }
  });

  describe("with the package's own copy beside the module", () => {
    it("knows its errors for what they are, with options as the host writes them", async () => {
      const refuses = `(() => { throw new CredentialError(say\`\${source("word")} is wrong.\`, "mine.word"); })()`;
      const module = write("r.cjs", `${COMMONJS}exports.mine = ${resolver("mine", refuses)};`);
      const spelling = (path: string) => path.toUpperCase();
      const error = await refusalOf({ ...use(module), mine: { word: "x" } }, testContext({ spelling }));
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.messageFor(spelling)).to.equal("MINE.WORD is wrong.");
      const { resolvers } = await createApp(use(module), testContext({ spelling })).explain();
      expect(resolvers[0]).to.include({ outcome: "failed", reason: "MINE.WORD is wrong." });
    });

    it("runs the example for Vault once it is compiled, as its README says", async () => {
      const world: World = await startWorld();
      try {
        const source = readFileSync(join(ROOT, "examples/vault-resolver/vault.ts"), "utf8");
        const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
        const module = write("vault.js", ts.transpileModule(source, { compilerOptions }).outputText);
        const env = {
          YCIAM_RESOLVER_MODULES: module,
          YCIAM_RESOLVERS: "vault",
          VAULT_ADDR: world.vault.url,
          VAULT_TOKEN: world.vault.token,
          YCIAM_VAULT_PATH: "yandex/deployer",
        };
        const result = await getToken(at(world.emulator), testContext({ env }));
        expect(result).to.include({ resolver: "vault", subjectId: world.key.service_account_id });
      } finally {
        await world.close();
      }
    });
  });
});
