// A process of its own that serves IAM: the emulator, and beside it the gRPC that the official SDKs speak.
import { startEmulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import { startGrpcIam } from "./grpc";
import type { IamAddresses } from "./start";

async function main(): Promise<void> {
  const { pem: cert, privateKey: key } = createCertificate(Date.now());
  const emulator = await startEmulator({ tls: { key, cert } });
  const account = await emulator.createKey();
  const held = { token: "t1.ofgrpc.signature", expiresAt: Date.now() + 12 * 3_600_000 };
  const grpc = await startGrpcIam({ key, cert }, held);
  process.on("message", () => {
    const requests = emulator.requests.length + grpc.takeCount();
    emulator.reset();
    process.send?.(requests);
  });
  process.on("disconnect", () => process.exit());
  // The certificate is for this name.
  const url = emulator.iamEndpoint.replace("127.0.0.1", "localhost");
  const addresses: IamAddresses = {
    url,
    grpc: grpc.address,
    certificate: cert,
    key: JSON.stringify(account),
  };
  process.send?.(addresses);
}

void main();
