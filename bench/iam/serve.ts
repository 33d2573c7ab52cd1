// A process of its own that serves IAM: the emulator, which speaks REST as yciam does, and gRPC as the official SDKs do.
import { startEmulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import type { IamAddresses } from "./start";

async function main(): Promise<void> {
  const { pem: cert, privateKey: key } = createCertificate(Date.now(), ["localhost", "127.0.0.1"]);
  const emulator = await startEmulator({ tls: { key, cert }, grpc: true });
  const account = await emulator.createKey();
  process.on("message", () => {
    const requests = emulator.requests.length;
    emulator.reset();
    process.send?.(requests);
  });
  process.on("disconnect", () => process.exit());
  // The peers and yciam are given a name, the discovery names the address.
  const url = emulator.iamEndpoint.replace("127.0.0.1", "localhost");
  const addresses: IamAddresses = {
    url,
    grpc: new URL(url).host,
    certificate: cert,
    key: JSON.stringify(account),
  };
  process.send?.(addresses);
}

void main();
