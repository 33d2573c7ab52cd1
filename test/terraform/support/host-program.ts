// A host in a process of its own, so that a test can kill it: starts the plugin named by its argument, makes one
// call, holds the stream every host holds, prints the plugin's process id, and stays.
import { callProvider, connect } from "./grpc-client";
import { createCertificate } from "../../../provider/terraform/plugin/certificate";
import { startPlugin } from "./plugin-process";

async function main(program: string): Promise<void> {
  const certificate = createCertificate(Date.now(), "secp521r1");
  const plugin = await startPlugin(program, { PLUGIN_CLIENT_CERT: certificate.pem });
  const client = connect(plugin.handshake, certificate);
  const same = (bytes: Buffer) => bytes;
  client.makeServerStreamRequest("/plugin.GRPCStdio/StreamStdio", same, same, Buffer.alloc(0)).resume();
  await callProvider(client, "getProviderSchema", {});
  process.stdout.write(`${plugin.process.pid} ${plugin.handshake.address}\n`);
  setInterval(() => undefined, 60_000);
}

void main(process.argv[2] ?? "");
