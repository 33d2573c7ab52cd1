import { type RouteName } from "../api";
import { ApiEndpointServiceDefinition } from "../generated/yandex/endpoint";
import { IamTokenServiceDefinition } from "../generated/yandex/iam";
import { CloudServiceDefinition } from "../generated/yandex/resourcemanager";

/** What is done with messages of one type: to and from bytes, and the JSON that REST has for the same. */
export interface MessageType {
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  fromJSON(json: unknown): unknown;
  toJSON(message: unknown): unknown;
}

/** A call of gRPC, and the request of REST that asks for the same. */
export interface Rpc {
  readonly route: RouteName;
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly requestType: MessageType;
  readonly responseType: MessageType;
  readonly method: "GET" | "POST";
  /** Path of the request of REST, given the message as JSON. */
  readonly restPath: (message: Readonly<Record<string, unknown>>) => string;
}

interface Service {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, Pick<Rpc, "requestType" | "responseType"> & { name: string }>>;
}

/** The methods of a service that are routes of REST as well: route, verb and path for each. */
function rpcs(
  { fullName, methods }: Service,
  routes: Readonly<Record<string, readonly [RouteName, Rpc["method"], string | Rpc["restPath"]]>>,
): Rpc[] {
  return Object.entries(routes).flatMap(([key, [route, method, at]]) => {
    const found = methods[key];
    if (found === undefined) return [];
    const { name, requestType, responseType } = found;
    const restPath = typeof at === "string" ? () => at : at;
    return [{ route, path: `/${fullName}/${name}`, requestType, responseType, method, restPath }];
  });
}

const TOKENS = "/iam/v1/tokens";

/** All that is answered over gRPC. */
export const RPCS: readonly Rpc[] = [
  ...rpcs(IamTokenServiceDefinition, {
    create: ["tokens", "POST", TOKENS],
    createForServiceAccount: ["createForServiceAccount", "POST", `${TOKENS}:createForServiceAccount`],
    revoke: ["revoke", "POST", `${TOKENS}:revoke`],
  }),
  ...rpcs(ApiEndpointServiceDefinition, {
    list: ["endpoints", "GET", "/endpoints"],
    get: ["endpoints", "GET", ({ apiEndpointId }) => `/endpoints/${String(apiEndpointId)}`],
  }),
  ...rpcs(CloudServiceDefinition, { list: ["clouds", "GET", "/resource-manager/v1/clouds"] }),
];
