import {
  Client,
  type ClientOptions,
  connectivityState,
  credentials,
  type ChannelCredentials,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { expect } from "chai";
import { ProviderDefinition } from "../../../provider/terraform/generated/tfplugin6";
import { type Certificate } from "../../../provider/tls/certificate";
import { type Handlers } from "../../../provider/grpc/service";
import { failureOf as failure } from "../../support/failure";
import { type Handshake } from "./plugin-process";

/** Any gRPC status, and any state of a connection, by name. */
export { connectivityState, status };

/** grpc-js, the conservative client, on an address as the handshake gives it. */
export function connect(
  handshake: Pick<Handshake, "network" | "address" | "certificate">,
  client?: Pick<Certificate, "pem" | "privateKey">,
  options: ClientOptions = {},
): Client {
  const target = handshake.network === "unix" ? `unix:${handshake.address}` : handshake.address;
  return new Client(target, channelCredentials(handshake.certificate, client), {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.default_authority": "localhost",
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    ...options,
  });
}

/** What turns no bytes into a message. */
export const same = (bytes: Buffer): Buffer => bytes;

/** One unary call on raw bytes. */
export function callBytes(
  client: Client,
  path: string,
  request: Uint8Array = new Uint8Array(),
  deadline = Date.now() + 5_000,
) {
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, Buffer.from(request), { deadline }, (error, response) =>
      error ? reject(error) : resolve(response!),
    );
  });
}

/** Fails when the connection was lost, or the call was never answered. */
export async function assertAnswered(call: Promise<unknown>): Promise<void> {
  const code = await call.then(
    () => status.OK,
    (error: ServiceError) => error.code,
  );
  expect([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]).not.to.include(code);
}

/** The status code a call ends with; throws when it succeeds. */
export function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  return failure(call);
}

type Methods = typeof ProviderDefinition.methods;
type Service = Handlers<typeof ProviderDefinition>;

/** One call of the provider service, by its name in camel case. */
export async function callProvider<K extends keyof Methods>(
  client: Client,
  name: K,
  request: Parameters<Service[K]>[0],
): Promise<Awaited<ReturnType<Service[K]>>> {
  const method = ProviderDefinition.methods[name];
  const { requestType } = method as { requestType: { encode(message: unknown): { finish(): Uint8Array } } };
  const path = `/tfplugin6.Provider/${method.name}`;
  const bytes = await callBytes(client, path, requestType.encode(request).finish());
  return method.responseType.decode(bytes) as Awaited<ReturnType<Service[K]>>;
}

function channelCredentials(
  server: string,
  client?: Pick<Certificate, "pem" | "privateKey">,
): ChannelCredentials {
  if (!server) return credentials.createInsecure();
  const own = client && ([Buffer.from(client.privateKey), Buffer.from(client.pem)] as const);
  return credentials.createSsl(Buffer.from(server), ...(own ?? []));
}
