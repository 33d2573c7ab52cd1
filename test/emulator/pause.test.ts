import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { expect } from "chai";
import { pause } from "../../emulator/pause";

describe("emulator: a wait within a reply", () => {
  /** What `pause` resolved to for a request that its client gives up after `patienceMs`. */
  async function outcome(ms: number | undefined, patienceMs: number): Promise<[boolean, number]> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", agent: false });
    client.on("error", () => undefined).end();
    const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
    const timer = setTimeout(() => client.destroy(), patienceMs);
    const stayed = await pause(ms, response);
    clearTimeout(timer);
    client.destroy();
    server.close();
    await once(server, "close");
    return [stayed, response.listenerCount("close")];
  }

  it("ends in its time, and leaves no listener", async () => {
    const [stayed, listeners] = await outcome(20, 5000);
    expect(stayed).to.equal(true);
    expect(listeners).to.equal((await outcome(undefined, 5000))[1]);
  });

  it("ends when the client goes away", async () => {
    expect((await outcome(3600_000, 20))[0]).to.equal(false);
  });
});
