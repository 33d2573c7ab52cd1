import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";

/** The part of IAM that the official SDKs ask, over gRPC. */
export interface GrpcIam {
  /** `localhost:PORT`. */
  readonly address: string;
  /** Calls since it was asked last. */
  readonly takeCount: () => number;
}

/** A token and when it dies, in milliseconds since 1970. */
export interface Held {
  readonly token: string;
  readonly expiresAt: number;
}

type Bytes = Buffer<ArrayBufferLike>;

/** Hands out one token of the emulator, as quickly as it can: whoever asks has signed an assertion, which is not looked at. */
export async function startGrpcIam(tls: { key: string; cert: string }, held: Held): Promise<GrpcIam> {
  const server = new Server();
  let [calls, address] = [0, ""];
  const answer = (path: string, reply: (request: Bytes) => Uint8Array) => {
    const name = path.split("/").at(-1) ?? "";
    const same = (bytes: Bytes) => bytes;
    const codec = { requestSerialize: same, requestDeserialize: same };
    const whole = { ...codec, responseSerialize: same, responseDeserialize: same };
    const handlers: UntypedServiceImplementation = {
      [name]: (call: { request: Bytes }, done: (error: Error | null, bytes?: Bytes) => void) => {
        calls += 1;
        done(null, Buffer.from(reply(call.request)));
      },
    };
    server.addService({ [name]: { path, requestStream: false, responseStream: false, ...whole } }, handlers);
  };
  answer("/yandex.cloud.iam.v1.IamTokenService/Create", (request) => created(request, held));
  answer("/yandex.cloud.endpoint.ApiEndpointService/List", () => endpoints(address));
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) };
  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createSsl(null, [pair]), (error, port) =>
      error ? failed(error) : bound(port),
    ),
  );
  address = `localhost:${port}`;
  const takeCount = () => {
    const taken = calls;
    calls = 0;
    return taken;
  };
  return { address, takeCount };
}

/** CreateIamTokenResponse. */
function created(request: Bytes, { token, expiresAt }: Held): Uint8Array {
  const [field] = new BinaryReader(request).tag();
  if (field !== 2) throw new Error("this stand-in of IAM takes assertions alone");
  const reply = new BinaryWriter().tag(1, 2).string(token).tag(2, 2).fork();
  return reply
    .tag(1, 0)
    .int64(Math.floor(expiresAt / 1000))
    .join()
    .finish();
}

/** ListApiEndpointsResponse. */
function endpoints(address: string): Uint8Array {
  const writer = new BinaryWriter();
  for (const id of ["endpoint", "iam"])
    writer.tag(1, 2).fork().tag(1, 2).string(id).tag(2, 2).string(address).join();
  return writer.finish();
}
