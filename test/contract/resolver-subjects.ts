import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { AppConfig } from "../../provider/app";
import type { Resolver } from "../../provider/core/chain/resolver";
import { resolvers } from "../../provider/resolvers";
import { writeProgram } from "../resolvers/programs";
import type { Hanging, Subject } from "./resolver-subject";
import { CLAIMS, type Outside, type World } from "./resolver-world";

type Parts = Omit<Subject, "resolver" | "secrets"> & { readonly secrets: readonly string[] };

const READY = "t1.readytokenofthecontract.0123456789abcdef";
const OTHER = "t1.anothertokenofthecontract.0123456789abcdef";
const BROKEN = "a broken secret, which is to be seen nowhere";

/** Where IAM is: the emulator, or a server that misbehaves. */
function iamAt({ url }: { readonly url: string }): AppConfig {
  return { iamEndpoint: url, authEndpoint: url };
}

function iamHangs(world: World): Hanging {
  return { config: iamAt(world.silent), asked: () => world.silent.asked() };
}

const builders: Readonly<Record<string, (world: World) => Parts | Promise<Parts>>> = {
  iamToken: () => ({
    working: { options: { token: READY } },
    other: { options: { token: OTHER } },
    malformed: {
      token: [{ value: BROKEN }, { value: "t".repeat(5000) }],
      expiresAt: [{ value: "tomorrow", options: { token: READY } }],
    },
    secrets: [READY, OTHER],
  }),
  serviceAccountKey: (world) => {
    const options = { json: JSON.stringify(world.key) };
    const otherOptions = { json: JSON.stringify(world.otherKey) };
    const cut = JSON.stringify(world.key).slice(0, -40);
    return {
      working: { config: iamAt(world.emulator), options: { file: join(world.folder, "key.json") } },
      other: { config: iamAt(world.emulator), options: otherOptions },
      refused: { config: iamAt(world.echo), options },
      hanging: { ...iamHangs(world), options },
      malformed: {
        file: [{ value: join(world.folder, "no-key.json") }, { value: world.folder }, { value: cut }],
        json: [{ value: cut }, { value: BROKEN }, { value: "{}" }],
      },
      secrets: [world.key.private_key, world.otherKey.private_key],
    };
  },
  workloadIdentity: async (world) => {
    const [token, other] = [
      await world.issuer.sign(CLAIMS),
      await world.issuer.sign({ ...CLAIMS, jti: "2" }),
    ];
    const serviceAccountId = world.serviceAccountId;
    const options = { serviceAccountId, token };
    const account = { options: { serviceAccountId } };
    return {
      working: { config: iamAt(world.emulator), options },
      other: { config: iamAt(world.emulator), options: { serviceAccountId, token: other } },
      refused: { config: iamAt(world.echo), options },
      hanging: { ...iamHangs(world), options },
      malformed: {
        serviceAccountId: [{ value: "my account" }, { value: "a".repeat(51), options: { token } }],
        tokenFile: [
          { value: join(world.folder, "no-token"), ...account },
          { value: world.folder, ...account },
        ],
        token: [
          { value: BROKEN, ...account },
          { value: `${token}\n${token}`, ...account },
        ],
        githubAudience: [
          { value: "two words", ...account },
          { value: "audience", ...account },
        ],
      },
      secrets: [token, other],
    };
  },
  functionContext: () => {
    const token = (access_token: string) => ({ access_token, expires_in: 43_200, token_type: "Bearer" });
    return {
      working: { options: { token: token(READY) } },
      other: { options: { token: token(OTHER) } },
      malformed: { token: [{ value: BROKEN }, { value: READY }, { value: { token: {} } }] },
      secrets: [READY, OTHER],
    };
  },
  instanceMetadata: (world) => ({
    working: { options: { address: world.emulator.metadataAddress } },
    other: { options: { address: world.emulator.metadataAddress.replace("127.0.0.1", "localhost") } },
    refused: { options: { address: world.echo.address } },
    hanging: { options: { address: world.silent.address }, asked: () => world.silent.asked() },
    malformed: { address: [{ value: "http://169.254.169.254" }, { value: "host/path" }, { value: "a b" }] },
    secrets: [],
    probes: ["169.254.169.254"],
  }),
  ycProfile: (world) => {
    const options = { configFile: writeConfig(world, "key", { "service-account-key": world.key }) };
    const otherFile = writeConfig(world, "oauth", { token: world.oauthToken });
    const broken = join(world.folder, "broken.yaml");
    writeFileSync(broken, `current: a\nprofiles:\n  a:\n    token: "${BROKEN}\n`);
    return {
      working: { config: iamAt(world.emulator), options },
      other: { config: iamAt(world.emulator), options: { configFile: otherFile } },
      refused: { config: iamAt(world.echo), options: { configFile: otherFile } },
      hanging: { ...iamHangs(world), options },
      malformed: {
        profile: [{ value: "no-such-profile", options }],
        configFile: [{ value: join(world.folder, "no.yaml") }, { value: broken }],
      },
      secrets: [world.key.private_key, world.oauthToken, BROKEN],
    };
  },
  ycCli: (world) => {
    const program = (name: string, body: string) => writeProgram(world.folder, name, body);
    return {
      working: { options: { path: program("yc", `echo ${READY}`) } },
      other: { options: { path: program("yc", `echo ${READY}`), profile: "other" } },
      refused: { options: { path: program("yc-refuses", `echo ${OTHER}; echo "bad ${OTHER}" >&2; exit 1`) } },
      hanging: hangingProgram(world, "yc-hangs", (path) => ({ path })),
      malformed: {
        profile: [{ value: "--debug" }],
        path: [{ value: join(world.folder, "no-yc") }],
      },
      secrets: [READY, OTHER],
    };
  },
  oauthToken: (world) => {
    const options = { token: world.oauthToken };
    const other = world.emulator.addOauthToken().token;
    return {
      working: { config: iamAt(world.emulator), options },
      other: { config: iamAt(world.emulator), options: { token: other } },
      refused: { config: iamAt(world.echo), options },
      hanging: { ...iamHangs(world), options },
      malformed: { token: [{ value: BROKEN }, { value: `${world.oauthToken}\n${other}` }] },
      secrets: [world.oauthToken, other],
    };
  },
  command: (world) => {
    const program = (name: string, body: string) => writeProgram(world.folder, name, body);
    const argv = [program("helper", `echo '{"token": "${READY}"}'`)];
    const refuses = program(
      "helper-refuses",
      `echo '{"token": "${OTHER}"}'; echo "bad ${OTHER}, $2" >&2; exit 1`,
    );
    return {
      working: { options: { argv } },
      other: { options: { argv: [...argv, "--password", BROKEN] } },
      refused: { options: { argv: [refuses, "--password", BROKEN] } },
      hanging: hangingProgram(world, "helper-hangs", (path) => ({ argv: [path] })),
      malformed: {
        argv: [
          { value: [join(world.folder, "no-helper"), BROKEN] },
          { value: [] },
          { value: ["echo", BROKEN] },
        ],
      },
      secrets: [READY, OTHER, BROKEN],
    };
  },
  vault: (world) => {
    const path = "yandex/deployer";
    const at = ({ url }: Outside) => ({ address: url, token: world.vault.token, path });
    const asText = { ...at(world.vault), mount: "kv/yandex", path: "as text", field: "key" };
    return {
      working: { config: iamAt(world.emulator), options: at(world.vault) },
      other: { config: iamAt(world.emulator), options: asText },
      refused: { config: iamAt(world.emulator), options: at(world.echo) },
      hanging: { options: at(world.silent), asked: () => world.silent.asked() },
      malformed: {
        address: [
          { value: "http://vault.example", options: { path, token: world.vault.token } },
          { value: "vault", options: { path, token: world.vault.token } },
        ],
        token: [{ value: BROKEN, options: { path, address: world.vault.url } }],
        namespace: [{ value: "two words", options: at(world.vault) }],
        mount: [
          { value: "../sys", options: at(world.vault) },
          { value: "old", options: at(world.vault) },
        ],
        path: [
          { value: "yandex/deployer", options: { address: world.vault.url } },
          { value: "a/../b", options: at(world.vault) },
          { value: "nobody/here", options: at(world.vault) },
        ],
        field: [{ value: "no-such-field", options: at(world.vault) }],
      },
      secrets: [world.vault.token, world.key.private_key],
    };
  },
};

/** Every resolver that the contract holds for: the built-in ones, and the example for a user's own. */
export const subjectNames: readonly string[] = [...resolvers.map(({ name }) => name), "vault"];

/**
 * The resolver of this name. The example imports the built package, as a user's does, so its classes are another copy
 * of the same; it is loaded only when asked for, since the package may not be built yet.
 */
export function resolverNamed(name: string): Resolver {
  const builtIn = resolvers.find((resolver) => resolver.name === name);
  if (builtIn !== undefined) return builtIn;
  const load = createRequire(__filename) as (path: string) => Record<string, Resolver>;
  const own = load("../../examples/vault-resolver/vault")[name];
  if (own === undefined) throw new Error(`no resolver is named ${name}`);
  return own;
}

/** The situations of one resolver. Fails for one that nobody described: it would be held to nothing. */
export async function subjectOf(resolver: Resolver, world: World): Promise<Subject> {
  const build = builders[resolver.name];
  if (build === undefined)
    throw new Error(`Describe the situations of ${resolver.name} in resolver-subjects.ts`);
  const { secrets, ...parts } = await build(world);
  const given = () => world.emulator.issuedTokens.map(({ token }) => token);
  return { ...parts, resolver, secrets: () => [...secrets, ...world.echo.received, ...given()] };
}

function writeConfig({ folder }: World, name: string, profile: object): string {
  const path = join(folder, name, "config.yaml");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stringify({ current: name, profiles: { [name]: profile } }));
  return path;
}

/** A program that tells the silent server that it runs, and then sleeps. */
function hangingProgram(world: World, name: string, toOptions: (path: string) => object): Hanging {
  const { address } = world.silent;
  const tell = `node -e 'fetch("http://${address}/").catch(() => 0)' & exec sleep 30`;
  const path = writeProgram(world.folder, name, tell);
  return {
    options: toOptions(path) as Hanging["options"],
    env: { PATH: process.env["PATH"] },
    asked: () => world.silent.asked(),
  };
}
