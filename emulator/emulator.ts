import { accessKeyRoutes } from "./access-key-routes";
import { openAddresses } from "./addresses";
import { type Emulator, type EmulatorOptions, type RouteName } from "./api";
import { authRoutes } from "./auth-routes";
import { cloudRoutes } from "./clouds";
import { ENDPOINT_IDS, endpointRoutes, withoutScheme } from "./endpoints";
import { FaultQueue } from "./faults";
import { createGrpcFace } from "./grpc/serve";
import { type Route } from "./http";
import { iamRoutes } from "./iam-routes";
import { createIdentities } from "./identities";
import { type Listener } from "./listener";
import { DEFAULT_METADATA, metadataRoutes } from "./metadata";
import { createListener, type Pipeline } from "./pipeline";
import { registryRoutes } from "./registry-realm";
import { RequestLog } from "./request-log";
import { DEFAULT_SETTINGS, withDefaults } from "./settings";
import { createState, type State } from "./state";
import { subjectRoutes } from "./subject-routes";

const COUNTED = [
  "tokens",
  "createForServiceAccount",
  "revoke",
  "subjects",
  "endpoints",
  "ephemeralAccessKeys",
  "metadata",
  "metadataAccounts",
  "clouds",
  "oauthToken",
  "registryToken",
  "registryKeys",
  "notFound",
  "exchanges",
] as const satisfies readonly (RouteName | "exchanges")[];

/** What watches and spoils the calls of one emulator. */
interface Watch {
  readonly log: RequestLog<RouteName, "exchanges">;
  readonly faults: FaultQueue<RouteName>;
}

/**
 * Starts an emulator of IAM, its auth host, the discovery, the instance metadata, a resource-manager list and the realm
 * of an image registry, all at one loopback address; with the option `grpc` it answers gRPC there too.
 *
 * Throws a TypeError when the host is not loopback, and node's own error when the port is taken.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const state = createState(withDefaults(DEFAULT_SETTINGS, options), options.now);
  const watch: Watch = { log: new RequestLog<RouteName, "exchanges">(COUNTED), faults: new FaultQueue() };
  const endpoints = new Map<string, string>();
  const attached = { ...DEFAULT_METADATA, serviceAccountId: state.accounts.add().id };
  const metadata = Object.assign(attached, options.metadata);
  const machine = metadataRoutes(metadata, state.tokens, state.clock);
  const pipeline = (routes: Route<RouteName>[]): Pipeline<RouteName> => ({
    ...watch,
    routes,
    fallback: "notFound",
    clock: state.clock,
    recordBodies: () => state.settings.recordBodies,
  });
  const onExchange = (): void => watch.log.count("exchanges");
  const common = [
    ...iamRoutes(state, onExchange),
    ...subjectRoutes(state),
    ...authRoutes(state, onExchange),
    ...accessKeyRoutes(state),
    ...cloudRoutes(state),
    ...registryRoutes(state),
  ];
  const grpcRoutes = [...common, ...endpointRoutes(endpoints, withoutScheme)];
  const open = await openAddresses(options, {
    everything: createListener(pipeline([...common, ...endpointRoutes(endpoints), ...machine])),
    machine: createListener(pipeline(machine)),
    grpc: options.grpc === true ? await createGrpcFace(pipeline(grpcRoutes)) : undefined,
  });
  state.ownAudiences = ownAudiences(open.main, options.grpc === true);
  for (const id of ENDPOINT_IDS) endpoints.set(id, discoveredAddress(open.main));
  return Object.assign(state.settings, createIdentities(state), controls(state, watch, open.all), {
    url: open.main.url,
    urlIpv6: open.ipv6?.url,
    iamEndpoint: open.main.url,
    authEndpoint: open.main.url,
    metadataAddress: open.metadata.address,
    grpcAddress: options.grpc === true ? open.main.address : undefined,
    endpoints,
    metadata,
  });
}

/** The real discovery names no scheme, and clients put https:// before it. Without TLS the scheme is therefore named. */
function discoveredAddress(main: Listener): string {
  return main.url.startsWith("https:") ? main.address : main.url;
}

/** Clients make the audience from the address that they are given: the Python SDK puts `iam.` before it. */
function ownAudiences({ url, address, port }: Listener, isGrpc: boolean): string[] {
  const hosts = isGrpc ? [`https://iam.${address}`, `https://iam.localhost:${port}`] : [];
  return [url, ...hosts].map((root) => `${root}/iam/v1/tokens`);
}

function controls(state: State, { log, faults }: Watch, listeners: readonly Listener[]) {
  return {
    faults,
    requests: log.requests,
    counts: log.counts,
    issuedTokens: state.tokens.issued,
    issuedAccessKeys: state.accessKeys,
    review: (token: string) => state.tokens.findValid(token),
    now: () => state.clock.now(),
    openSockets: () => listeners.reduce((sum, listener) => sum + listener.openSockets(), 0),
    reset: () => {
      log.reset();
      faults.clear();
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}
