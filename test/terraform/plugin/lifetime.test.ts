import { expect } from "chai";
import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type Http2Server } from "node:http2";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { watchHost } from "../../../provider/terraform/plugin/lifetime";
import { until } from "../support/plugin-process";

describe("terraform plugin: watch for the host", () => {
  let server: Http2Server;
  const dialled: ClientHttp2Session[] = [];
  let gone = 0;

  async function watch(firstMs: number, goneMs: number): Promise<void> {
    gone = 0;
    server = createServer();
    watchHost(server, { firstMs, goneMs }, () => gone++);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }

  async function dial() {
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    dialled.push(session);
    await Promise.all([once(session, "connect"), once(session, "remoteSettings")]);
    return session;
  }

  afterEach(() => {
    for (const session of dialled.splice(0)) session.destroy();
    server.close();
  });

  it("gives up when nobody connects", async () => {
    await watch(50, 60_000);
    expect(await until(() => gone === 1, 5_000)).to.equal(true);
  });

  it("waits as long as one connection is open", async () => {
    await watch(60_000, 50);
    const [one, two] = [await dial(), await dial()];
    one.destroy();
    await sleep(200);
    expect(gone).to.equal(0);
    two.destroy();
    expect(await until(() => gone === 1, 5_000)).to.equal(true);
  });

  it("takes a host back that dials again in time", async () => {
    await watch(60_000, 1_000);
    const closed = once(server, "session").then(([session]) => once(session as ClientHttp2Session, "close"));
    (await dial()).destroy();
    await closed;
    const again = await dial();
    await sleep(1_300);
    expect(gone).to.equal(0);
    expect(again.destroyed).to.equal(false);
  });
});
