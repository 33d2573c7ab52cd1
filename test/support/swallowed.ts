import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** A port of this host that answers no attempt to connect: what is sent there is swallowed, as by a firewall. */
export interface SwallowingPort {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  close(): Promise<void>;
}

// It listens and then never runs again, so nothing is accepted.
const LISTENER = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** Fills the queue of a listener that accepts nothing; the system then drops every further SYN. */
export async function swallowingPort(): Promise<SwallowingPort> {
  const worker = new Worker(LISTENER, { eval: true });
  const [port] = (await once(worker, "message")) as [number];
  const queued: Socket[] = [];
  do {
    // The runtime of the executable makes every queue 512 long, so they become twice as many each time.
    for (let more = Math.max(1, queued.length); more > 0; more -= 1)
      queued.push(connect(port, "127.0.0.1").on("error", () => undefined));
    await delay(100);
    // What has come from the network meanwhile is told by now, however busy the machine is.
    await new Promise(setImmediate);
  } while (queued.at(-1)?.connecting === false);
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      queued.forEach((socket) => socket.destroy());
      await worker.terminate();
    },
  };
}
