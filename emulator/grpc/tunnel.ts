import { type Server } from "node:http";
import { connect, type Socket } from "node:net";

/**
 * Makes a server a proxy that leads every CONNECT, whatever it asks for, to this machine's port: a client that knows the
 * real addresses alone (`grpc_proxy`) then reaches the emulator, and nothing else.
 */
export function tunnel(server: Server, port: () => number, host: string): void {
  server.on("connect", (_request, client: Socket, head: Buffer) => {
    const target = connect(port(), host);
    const end = (): void => void [client, target].forEach((socket) => socket.destroy());
    for (const socket of [client, target]) socket.on("error", end).once("close", end);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    target.write(head);
    client.pipe(target).pipe(client);
  });
}
