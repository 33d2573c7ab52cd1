import { type Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { Emulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";

/** A gRPC service with one method, behind TLS. */
export interface Service {
  /** `localhost:PORT`. */
  readonly address: string;
  /** The certificate to trust, in PEM. */
  readonly authority: string;
  readonly close: () => void;
}

type Answer = (error: object | null, reply?: Buffer) => void;

/** One for all services: of two with one name, OpenSSL would try the first alone. */
const { pem, privateKey } = createCertificate(Date.now());

const same = (bytes: Buffer): Buffer => bytes;
const BYTES = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};

/**
 * Starts a service that takes the emulator's living tokens alone.
 * @param path of the method, `/package.Service/Method`
 * @param tokenOf finds the token in what a client sent
 * @param reply the message that it answers with; default an empty one
 */
export async function startService(
  emulator: Emulator,
  path: string,
  tokenOf: (sent: Metadata) => unknown,
  reply: Buffer = Buffer.alloc(0),
): Promise<Service> {
  const isAlive = (token: unknown) =>
    emulator.issuedTokens.some(
      (one) => one.token === token && !one.revoked && one.expiresAt > emulator.now(),
    );
  const call = ({ metadata }: { metadata: Metadata }, answer: Answer) =>
    isAlive(tokenOf(metadata))
      ? answer(null, reply)
      : answer({ code: status.UNAUTHENTICATED, details: "The token is invalid" });
  const server = new Server();
  server.addService({ call: { path, requestStream: false, responseStream: false, ...BYTES } }, { call });
  const pair = { cert_chain: Buffer.from(pem), private_key: Buffer.from(privateKey) };
  const secure = ServerCredentials.createSsl(null, [pair]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("localhost:0", secure, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { address: `localhost:${port}`, authority: pem, close: () => server.forceShutdown() };
}
