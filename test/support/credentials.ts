import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { AppConfig } from "../../provider/app";
import type { Env } from "../../provider/core/context";
import { CLAIMS, type World } from "../contract/resolver-world";
import { writeProgram } from "../resolvers/programs";
import { at } from "../resolvers/support";
import { testContext, type TestContext } from "./context";

/** The resolvers of the default chain, in its order as it was promised to users. */
export const NAMES = [
  "iamToken",
  "serviceAccountKey",
  "workloadIdentity",
  "functionContext",
  "instanceMetadata",
  "ycProfile",
  "ycCli",
  "oauthToken",
] as const;

/** One of them. */
export type Name = (typeof NAMES)[number];

/** A credential that is set but of no use. */
export interface Broken {
  readonly env?: Env;
  readonly options?: AppConfig;
  readonly home?: string;
  readonly interactive?: boolean;
  /** Spoils the outside for the next request. */
  readonly prepare?: () => void;
  readonly says: RegExp;
}

/** What is around a program, and what it was given. */
export interface Parts {
  /** Found in the environment, the home folder, or the network. */
  readonly ambient?: readonly Name[];
  /** Given as options. */
  readonly options?: readonly Name[];
  /** `YCIAM_RESOLVERS`. */
  readonly named?: readonly string[];
  readonly config?: AppConfig;
  readonly broken?: Broken;
}

/** Working and broken credentials of every kind, in one world. */
export interface Credentials {
  situation(parts: Parts): { readonly config: AppConfig; readonly context: TestContext };
  broken(name: Name): readonly Broken[];
}

/** Makes them: real keys, tokens, files and programs. */
export async function makeCredentials(world: World): Promise<Credentials> {
  const { folder, emulator, serviceAccountId, oauthToken } = world;
  const subjectToken = await world.issuer.sign(CLAIMS);
  const tokenFile = join(folder, "subject-token");
  writeFileSync(tokenFile, subjectToken);
  const homes = writeHomes(world);
  mkdirSync(join(folder, "bin"));
  const yc = dirname(writeProgram(join(folder, "bin"), "yc", "echo t1.tokenofyc.signature"));
  const token = "t1.readytoken.signature";
  const env: Readonly<Record<Name, Env>> = {
    iamToken: { YC_IAM_TOKEN: token },
    serviceAccountKey: { YC_SERVICE_ACCOUNT_KEY_FILE: join(folder, "key.json") },
    workloadIdentity: { YC_WIF_SA_ID: serviceAccountId, YC_WIF_TOKEN_FILE: tokenFile },
    functionContext: {},
    instanceMetadata: { YC_METADATA_ADDR: emulator.metadataAddress },
    ycProfile: {},
    ycCli: { PATH: `${yc}:/usr/bin:/bin` },
    oauthToken: { YC_OAUTH_TOKEN: oauthToken },
  };
  const options: Readonly<Record<Name, object>> = {
    iamToken: { token },
    serviceAccountKey: { json: JSON.stringify(world.key) },
    workloadIdentity: { serviceAccountId, token: subjectToken },
    functionContext: { token: { access_token: token, expires_in: 43_200, token_type: "Bearer" } },
    instanceMetadata: { address: emulator.metadataAddress },
    ycProfile: { configFile: join(homes.key, CONFIG) },
    ycCli: { path: join(yc, "yc") },
    oauthToken: { token: oauthToken },
  };
  const situation = ({ ambient = [], options: given = [], named, config, broken = { says: /./ } }: Parts) => {
    const variables = Object.assign({}, ...ambient.map((name) => env[name]), broken.env) as Env;
    const list = named === undefined ? {} : { YCIAM_RESOLVERS: named.join(",") };
    const home = broken.home ?? homeFor(ambient, homes);
    const context = testContext({
      env: { ...variables, ...list },
      interactive: broken.interactive ?? ambient.includes("ycCli"),
      ...(home === undefined ? {} : { home }),
    });
    const groups = Object.fromEntries(given.map((name) => [name, options[name]]));
    return { context, config: { ...at(emulator), ...groups, ...broken.options, ...config } };
  };
  return { situation, broken: (name) => brokenOnes(world, homes)[name] };
}

const CONFIG = ".config/yandex-cloud/config.yaml";

type Homes = Readonly<Record<"key" | "federated" | "broken", string>>;

/** Home folders whose yc holds a key, is of a federated user, or has a configuration that cannot be read. */
function writeHomes({ folder, key }: World): Homes {
  const write = (name: keyof Homes, profile: object | string) => {
    const home = join(folder, `home-${name}`);
    mkdirSync(dirname(join(home, CONFIG)), { recursive: true });
    const text =
      typeof profile === "string" ? profile : stringify({ current: "p", profiles: { p: profile } });
    writeFileSync(join(home, CONFIG), text);
    return home;
  };
  return {
    key: write("key", { "service-account-key": key }),
    federated: write("federated", { "federation-id": "bpf" }),
    broken: write("broken", "current: [p\n"),
  };
}

function homeFor(ambient: readonly Name[], homes: Homes): string | undefined {
  if (ambient.includes("ycProfile")) return homes.key;
  return ambient.includes("ycCli") ? homes.federated : undefined;
}

function brokenOnes({ emulator, folder }: World, homes: Homes): Readonly<Record<Name, readonly Broken[]>> {
  const nowhere = join(folder, "nowhere");
  mkdirSync(join(folder, "bin-broken"), { recursive: true });
  const yc = dirname(writeProgram(join(folder, "bin-broken"), "yc", "echo 'ERROR: signed out' >&2; exit 1"));
  const set = (env: Env, says: RegExp): Broken => ({ env, says });
  const fail = () => emulator.faults.inject({ route: "metadata", status: 500 });
  return {
    iamToken: [
      set({ YC_IAM_TOKEN: "two words" }, /YC_IAM_TOKEN has a line break, a space/),
      set({ YC_TOKEN: "neither" }, /YC_TOKEN is set, but has the shape of neither/),
    ],
    serviceAccountKey: [
      set({ YC_SERVICE_ACCOUNT_KEY_FILE: nowhere }, /YC_SERVICE_ACCOUNT_KEY_FILE names .* no such file/),
      set({ YC_SERVICE_ACCOUNT_KEY_FILE: "{}" }, /`private_key` is missing/),
    ],
    workloadIdentity: [
      set({ YC_WIF_SA_ID: "aje1", YC_WIF_TOKEN_FILE: nowhere }, /YC_WIF_TOKEN_FILE names .* no such file/),
      set({ YC_WIF_SA_ID: "aje1" }, /no OIDC token to exchange/),
    ],
    functionContext: [
      { options: { functionContext: { token: "{}" }, ycCli: {} }, says: /token has no access_token/ },
    ],
    instanceMetadata: [
      set({ YC_METADATA_ADDR: "http://x/" }, /YC_METADATA_ADDR is not an address/),
      { ...set({ YC_METADATA_ADDR: emulator.metadataAddress }, /HTTP 500/), prepare: fail },
    ],
    ycProfile: [{ home: homes.broken, says: /not valid YAML: line/ }],
    ycCli: [
      { ...set({ PATH: `${yc}:/usr/bin:/bin` }, /signed out/), home: homes.federated, interactive: true },
    ],
    oauthToken: [
      set({ YC_OAUTH_TOKEN: "two words" }, /YC_OAUTH_TOKEN has a line break, a space/),
      set({ YC_OAUTH_TOKEN: "y0_unknowntokenunknowntoken" }, /invalid or expired/),
    ],
  };
}
