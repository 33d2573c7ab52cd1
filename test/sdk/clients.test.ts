import { expect } from "chai";
import { createApp } from "../../provider/app";
import { sessionCredentials } from "../../sdk/nodejs/nodejs-sdk";
import type { TokenSource } from "../../sdk/nodejs/token";
import { at, emulatorForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { engineFolders } from "../support/engine-env";
import { everyText } from "../support/every-text";
import { failureOf } from "../support/failure";
import { type Client, CLIENTS, connect } from "./clients";

const HOUR_MS = 3_600_000;

for (const name of CLIENTS)
  describe(`the real ${name}, with credentials of ours (skipped without npm)`, function () {
    this.timeout(60_000);
    const emulator = emulatorForAll();
    let tokens: TokenSource;
    let client: Client;

    beforeEach(async function () {
      const [folder] = (await engineFolders("npm")) ?? [];
      if (folder === undefined) return this.skip();
      const json = await emulator.current.createKey();
      const context = testContext({ now: () => emulator.current.now() });
      const app = createApp({ ...at(emulator.current), serviceAccountKey: { json } }, context);
      tokens = { getToken: (signal) => app.getIamToken(signal), forget: (token) => app.forget(token) };
      client = await connect(name, folder, emulator.current, tokens);
    });
    afterEach(() => {
      client?.close();
      emulator.current.clockOffsetMs = 0;
    });
    const exchanges = () => emulator.current.counts.exchanges;

    it("calls with one token, however many calls there are at once, and with another when it has died", async () => {
      await Promise.all(Array.from({ length: 50 }, () => client.call()));
      expect(exchanges()).to.equal(1);
      emulator.current.clockOffsetMs = 13 * HOUR_MS;
      await client.call();
      expect(exchanges()).to.equal(2);
    });

    it("calls with the old token while IAM does not answer", async () => {
      await client.call();
      emulator.current.faults.inject({ route: "tokens", status: 503, times: Infinity });
      emulator.current.clockOffsetMs = 2 * HOUR_MS;
      await client.call();
    });

    it("is refused with a revoked token until the program asks for another one", async () => {
      await client.call();
      for (const token of emulator.current.issuedTokens) Object.assign(token, { revoked: true });
      expect((await failureOf(client.call())).message).to.include("UNAUTHENTICATED");
      await client.renew();
      await client.call();
      expect(exchanges()).to.equal(2);
    });

    it("shows no token when it is printed", async () => {
      await client.call();
      const token = emulator.current.issuedTokens.at(-1)?.token ?? "none";
      expect(everyText(await tokens.getToken().then((result) => result.token.reveal()))).to.include(token);
      expect(everyText(client.printable)).to.not.include(token);
    });
  });

describe("credentials for the Node SDK", () => {
  it("are never sent as text by who does not wait for them", () => {
    const none = { getToken: () => Promise.reject(new Error()), forget: () => Promise.resolve() };
    expect(() => `Bearer ${sessionCredentials(none).iamToken}`).to.throw(TypeError, /does not wait for it/);
  });
});
