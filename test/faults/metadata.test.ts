import { expect } from "chai";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createApp, type AppConfig } from "../../provider/app";
import type { YciamError } from "../../provider/core/words/errors";
import { testContext, type TestContext } from "../support/context";
import { swallowingPort } from "../support/swallowed";
import { startTrial, type Trial } from "./iam";

const MINUTE = 60_000;
const HEADERS = "HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\nContent-Type: application/json\r\n";
const BODY = '{"access_token":"t1.CANARY.CANARY","expires_in":43200,"token_type":"Bearer"}';
const REPLY = `${HEADERS}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;

describe("faults: a metadata service before another credential in the chain", () => {
  const closing: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** A server that does this with each connection; its address. */
  async function serve(handle: (socket: Socket) => void): Promise<string> {
    const server = createServer(handle);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closing.push(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const replying = (text: string, delayMs = 0) =>
    serve((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => setTimeout(() => socket.end(text), delayMs).unref());
    });

  /** Asks a chain of the metadata service at this address and a ready token; says who answered, or with what error. */
  async function ask(address: string, config: AppConfig = {}, context?: TestContext): Promise<string> {
    const env = { YC_METADATA_ADDR: address, YC_IAM_TOKEN: "t1.another.identity" };
    const app = createApp(
      { resolvers: ["instanceMetadata", "iamToken"], timeout: "8s", ...config },
      context ?? testContext({ env }),
    );
    return app.getIamToken().then(
      ({ resolver }) => resolver,
      (error: unknown) => (error as YciamError).code,
    );
  }

  it("I1: moves on where no connection can be made: refused, or swallowed", async () => {
    expect(await ask("127.0.0.1:1")).to.equal("iamToken");
    const swallowing = await swallowingPort();
    closing.push(() => swallowing.close());
    expect(await ask(swallowing.address)).to.equal("iamToken");
  });

  it("I1: waits for one that answers late", async () => {
    expect(await ask(await replying(REPLY, 2500))).to.equal("instanceMetadata");
  });

  it("I1: stops at one that was connected to and never answers", async () => {
    expect(await ask(await replying(REPLY, 60_000), { timeout: "1s" })).to.equal("ERR_YCIAM_SERVICE");
  });

  it("I1: stops at one that is cut at any byte of its reply", async () => {
    for (let length = 0; length < REPLY.length; length += 1)
      expect(await ask(await replying(REPLY.slice(0, length))), `cut at ${length}`).to.equal(
        "ERR_YCIAM_SERVICE",
      );
    expect(await ask(await replying(REPLY))).to.equal("instanceMetadata");
  }).timeout(60_000);

  const others: readonly [string, string][] = [
    ["one without the header, as of AWS", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"],
    ["one that knows no such path, as of Azure", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"],
    ["Google's, by its token", REPLY.replace("t1.CANARY.CANARY", "ya29.AAAAAAAAAAA")],
  ];
  for (const [what, reply] of others) {
    it(`moves on at another cloud's: ${what}; none of Yandex Cloud is there`, async () => {
      expect(await ask(await replying(reply))).to.equal("iamToken");
    });
  }

  it("stops at one that fails, whatever bears the header", async () => {
    for (const status of ["503 Busy", "429 Too Many Requests"])
      expect(await ask(await replying(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`))).to.equal(
        "ERR_YCIAM_SERVICE",
      );
  });

  it("I4: asks again, with retries, when it is named right after a chain found nothing there", async () => {
    const address = await replying(REPLY);
    const [port] = address.split(":").reverse();
    await closing.splice(0)[0]?.();
    const context = testContext({ env: { YC_METADATA_ADDR: address, YC_IAM_TOKEN: "t1.another.identity" } });
    expect(await ask(address, {}, context)).to.equal("iamToken");
    const server = createServer((socket) => socket.once("data", () => socket.end(REPLY)));
    closing.push(() => void server.close());
    setTimeout(() => server.listen(Number(port), "127.0.0.1"), 300);
    expect(await ask(address, { resolvers: ["instanceMetadata"] }, context)).to.equal("instanceMetadata");
  });
});

describe("faults: the metadata service", () => {
  let trial: Trial;
  let now: number;
  const named: AppConfig = { serviceAccountKey: undefined, resolvers: ["instanceMetadata"] };
  const chained: AppConfig = { serviceAccountKey: undefined, resolvers: ["instanceMetadata", "ycProfile"] };
  beforeEach(async () => {
    now = Date.now();
    trial = await startTrial({ now: () => now }, { now: () => now, monotonic: () => now });
  });
  afterEach(() => trial.close());

  for (const cache of ["memory", "none"])
    it(`is asked once for all who ask at the same moment, with the cache ${cache}`, async () => {
      for (const config of [named, chained]) {
        trial.emulator.reset();
        trial.emulator.faults.inject({ headersDelayMs: 500 });
        const calls = Array.from({ length: 50 }, () => trial.get({ ...config, cache }));
        expect(new Set((await Promise.all(calls)).map(({ fingerprint }) => fingerprint)).size).to.equal(1);
        expect(trial.emulator.requests.length).to.be.at.most(1);
      }
    });

  it("that has no account costs many calls in a row one request in five seconds, not each its own", async () => {
    trial.emulator.faults.inject({ status: 404, times: Infinity });
    for (let call = 0; call < 20; call += 1) await trial.get(chained).catch(() => undefined);
    expect(trial.emulator.requests).to.have.length(1);
    now += 5000;
    await trial.get(chained).catch(() => undefined);
    expect(trial.emulator.requests).to.have.length(2);
  });

  it("is asked again when its token is near its end, and gives what then is another one", async () => {
    const first = await trial.get(named);
    now += 11 * 60 * MINUTE + 55 * MINUTE;
    const second = await trial.get(named);
    expect(second.fingerprint).not.to.equal(first.fingerprint);
  });

  it("that falls silent in the middle of a run is an error, never a change of identity", async () => {
    const config = { ...chained, timeout: "2s" };
    await trial.get(config);
    now += 13 * 60 * MINUTE;
    trial.emulator.faults.inject({ status: 404, times: Infinity });
    const error = await trial.failure(config);
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect(error.message).to.match(
      /^the credential that gave tokens so far gives none any more: no service account is attached to this instance\. To mend that: attach/,
    );
  });
});
