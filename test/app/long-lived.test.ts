import { expect } from "chai";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../provider/app";
import type { YciamError } from "../../provider/core/words/errors";
import { memoryStore } from "../core/token/token-world";
import { useServers } from "../platform/server";
import { at, emulatorForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";

const HOUR = 3_600_000;

describe("an app that lives for hours", () => {
  let now = Date.UTC(2026, 10, 24);
  const emulator = emulatorForAll({ now: () => now });
  const folder = folderForEach();
  const serve = useServers();

  /** An app with a key file, and its log. */
  const start = async () => {
    const file = join(folder.path, "key.json");
    writeFileSync(file, JSON.stringify(await emulator.current.createKey()));
    const context = testContext({ now: () => now });
    const app = createApp({ ...at(emulator.current), serviceAccountKey: { file } }, context);
    return { file, app, context, warnings: () => context.logs.filter(({ level }) => level === "warn") };
  };

  it("L5: says of an old token that is served in an outage that it is renewed at the next call", async () => {
    const { app } = await start();
    const first = await app.getIamToken();
    now += 5 * HOUR;
    emulator.current.faults.inject({ route: "tokens", status: 503, times: Infinity });
    const { fingerprint, refreshAt = "" } = await app.getIamToken();
    expect(fingerprint).to.equal(first.fingerprint);
    expect(Date.parse(refreshAt)).to.be.at.least(now);
  });

  it("serves the old token while it lasts where the key file is gone, with a warning, and then says what is wrong", async () => {
    const { app, file, warnings } = await start();
    const first = await app.getIamToken();
    rmSync(file);
    now += 2 * HOUR;
    expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
    expect(
      warnings()
        .map(({ message }) => message)
        .join(),
    ).to.match(/^could not renew .*there is no such file/);
    now += 11 * HOUR;
    const error = (await app.getIamToken().catch((reason: unknown) => reason)) as YciamError;
    expect(`${error.code},${error.message}`).to.match(/^ERR_YCIAM_CREDENTIAL,.*there is no such file/);
  });

  it("R4: does not answer with the former token when IAM refuses the key that took the place of its own", async () => {
    const { app, file } = await start();
    await app.getIamToken();
    const unknown = { ...(await emulator.current.createKey()), id: "ajeunknown" };
    writeFileSync(file, JSON.stringify(unknown));
    now += 2 * HOUR;
    const error = (await app.getIamToken().catch((reason: unknown) => reason)) as YciamError;
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
  });

  it("R5: never hands out again what was revoked, though the store cannot forget it", async () => {
    const kept = memoryStore();
    const store = { ...kept.store, forget: async () => undefined };
    const json = await emulator.current.createKey();
    const config = { ...at(emulator.current), serviceAccountKey: { json }, cache: "disk" };
    const context = testContext({ now: () => now, store });
    const app = createApp(config, context);
    const { token, fingerprint } = await app.getIamToken();
    expect(kept.entries.size).to.equal(1);
    await app.revoke(token);
    expect((await app.getIamToken()).fingerprint).to.not.equal(fingerprint);
    expect((await createApp(config, context).getIamToken()).fingerprint).to.not.equal(fingerprint);
  });

  it("L6: takes no time from a page that is not IAM's", async () => {
    const expiresAt = new Date(now + 12 * HOUR).toISOString();
    const server = await serve((response, _, number) => {
      const date = number === 1 ? "Fri, 01 Jan 2038 00:00:00 GMT" : new Date(now).toUTCString();
      const body = number === 1 ? "<html>" : JSON.stringify({ iamToken: "t1.a.b", expiresAt });
      response.writeHead(200, { date }).end(body);
    });
    const context = testContext({ now: () => now });
    const oauthToken = { token: `y0_${"a".repeat(40)}` };
    const app = createApp(
      { iamEndpoint: server.url, resolvers: ["oauthToken"], oauthToken, retries: 0 },
      context,
    );
    const error = (await app.getIamToken().catch((reason: unknown) => reason)) as YciamError;
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect([...context.session.clocks.values()].map(({ offsetMs }) => offsetMs)).to.deep.equal([0]);
    expect((await app.getIamToken()).expiresAt).to.equal(expiresAt);
  });
});
