import { createRequire } from "node:module";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { sessionCredentials } from "../../sdk/nodejs/nodejs-sdk";
import type { TokenSource } from "../../sdk/nodejs/token";
import { type TokenProvider, ydbCredentials } from "../../sdk/nodejs/ydb";
import { type Service, startService } from "../support/grpc-service";

/** Somebody else's client, with our credentials in it. */
export interface Client {
  /** A real call, which the service refuses without a living token. */
  readonly call: () => Promise<unknown>;
  /** What a program does after such a refusal. */
  readonly renew: () => Promise<unknown>;
  /** What a program may print. */
  readonly printable: unknown;
  readonly close: () => void;
}

/** Where a client finds its service, and its tokens. */
interface Surroundings {
  /** Loads a package of the real ones. */
  readonly load: (name: string) => Promise<unknown>;
  readonly service: Service;
  readonly tokens: TokenSource;
}

/** A client, and the method that it calls. */
interface Row {
  readonly path: string;
  readonly header: string;
  readonly connect: (surroundings: Surroundings) => Promise<Client>;
}

interface NodeSdk {
  Session: new (config: object) => {
    client: (service: unknown, address: string) => { list: (request: object) => Promise<unknown> };
  };
}
interface Clouds {
  cloudService: {
    CloudServiceClient: unknown;
    ListCloudsRequest: { fromPartial: (request: object) => object };
  };
}

async function connectNodeSdk({ load, service, tokens }: Surroundings): Promise<Client> {
  const { Session } = (await load("@yandex-cloud/nodejs-sdk")) as NodeSdk;
  const { cloudService } = (await load("@yandex-cloud/nodejs-sdk/resourcemanager-v1")) as Clouds;
  const ssl = { rootCerts: Buffer.from(service.authority) };
  const session = new Session({ ...sessionCredentials(tokens), ssl });
  const client = session.client(cloudService.CloudServiceClient, service.address);
  return {
    call: () => client.list(cloudService.ListCloudsRequest.fromPartial({})),
    renew: async () => tokens.forget((await tokens.getToken()).token),
    printable: session,
    close: () => undefined,
  };
}

interface YdbAuth {
  CredentialsProvider: abstract new () => TokenProvider;
}
interface YdbCore {
  Driver: new (
    address: string,
    options: object,
  ) => {
    createClient: (service: unknown) => { listEndpoints: (request: object) => Promise<unknown> };
    close: () => void;
  };
}

async function connectYdb({ load, service, tokens }: Surroundings): Promise<Client> {
  const { CredentialsProvider } = (await load("@ydbjs/auth")) as YdbAuth;
  const { Driver } = (await load("@ydbjs/core")) as YdbCore;
  const { DiscoveryServiceDefinition } = (await load("@ydbjs/api/discovery")) as Record<string, unknown>;
  const credentialsProvider = ydbCredentials(CredentialsProvider, tokens);
  const secureOptions = { ca: service.authority };
  const options = { credentialsProvider, secureOptions, "ydb.sdk.enable_discovery": false };
  const driver = new Driver(`grpcs://${service.address}/local`, options);
  const client = driver.createClient(DiscoveryServiceDefinition);
  return {
    call: () => client.listEndpoints({ database: "/local" }),
    renew: () => credentialsProvider.getToken(true),
    printable: [credentialsProvider, driver],
    close: () => driver.close(),
  };
}

const ROWS = {
  "@yandex-cloud/nodejs-sdk": {
    path: "/yandex.cloud.resourcemanager.v1.CloudService/List",
    header: "authorization",
    connect: connectNodeSdk,
  },
  "@ydbjs/auth": {
    path: "/Ydb.Discovery.V1.DiscoveryService/ListEndpoints",
    header: "x-ydb-auth-ticket",
    connect: connectYdb,
  },
} as const satisfies Readonly<Record<string, Row>>;

/** The packages that are tried. */
export const CLIENTS = Object.keys(ROWS) as (keyof typeof ROWS)[];

/**
 * The real client of a package, connected to a service that takes the emulator's living tokens alone.
 * @param folder that in whose `node_modules` the package is
 */
export async function connect(
  name: keyof typeof ROWS,
  folder: string,
  emulator: Emulator,
  tokens: TokenSource,
): Promise<Client> {
  const row = ROWS[name];
  const service = await startService(emulator, row.path, (sent) =>
    String(sent.get(row.header)[0]).replace(/^Bearer /, ""),
  );
  const { resolve } = createRequire(join(folder, "index.js"));
  const client = await row.connect({ load: (one) => import(resolve(one)), service, tokens });
  return { ...client, close: () => (client.close(), service.close()) };
}
