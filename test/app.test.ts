import { expect } from "chai";
import { createHash } from "node:crypto";
import type { KeyFile } from "../emulator/index";
import { type AppConfig, createApp } from "../provider/app";
import { CredentialError, type YciamError } from "../provider/core/words/errors";
import { Memory } from "../provider/core/token/memory";
import { at, emulatorForAll } from "./resolvers/support";
import { testContext } from "./support/context";
import { everyText } from "./support/every-text";
import { endsWithin } from "./support/loop-time";

const HOUR = 3_600_000;
const emulator = emulatorForAll();
let key: KeyFile;
before(async () => {
  key = await emulator.current.createKey();
});

/** A config that works: a key, and the emulator for IAM. */
const works = (more: AppConfig = {}): AppConfig => ({
  ...at(emulator.current),
  serviceAccountKey: { json: key },
  ...more,
});
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it ended well"),
    (error: unknown) => error as YciamError,
  );

describe("app, getIamToken", () => {
  it("answers with all that is known of a token", async () => {
    const result = await createApp(works(), testContext()).getIamToken();
    const issued = emulator.current.issuedTokens.find(({ token }) => token === result.token.reveal());
    const token = issued?.token ?? "";
    expect(result.authorizationHeader.reveal()).to.equal(`Bearer ${token}`);
    expect(result.fingerprint).to.equal(createHash("sha256").update(token).digest("hex").slice(0, 12));
    expect(result.expiresAt).to.equal(new Date(issued?.expiresAt ?? 0).toISOString());
    expect(Date.parse(result.refreshAt ?? "") - Date.parse(result.issuedAt ?? "")).to.equal(HOUR);
    expect([result.resolver, result.subjectId]).to.deep.equal(["serviceAccountKey", key.service_account_id]);
  });

  it("holds its two secrets where nothing prints them", async () => {
    const context = testContext();
    const result = await createApp(works(), context).getIamToken();
    const texts = everyText(result) + everyText(context.logs);
    expect(texts).to.not.contain(result.token.reveal());
    expect(JSON.parse(JSON.stringify(result))).to.include({
      token: "[secret]",
      authorizationHeader: "[secret]",
    });
  });

  it("says that a token which dies before refreshAfter is renewed at its end", async () => {
    const config = works({ cache: "none", refreshAfter: "20h" });
    const result = await createApp(config, testContext()).getIamToken();
    expect(result.refreshAt).to.equal(result.expiresAt);
  });

  it("makes exactly one exchange for a thousand calls at once on an empty cache", async () => {
    const context = testContext();
    const calls = Array.from({ length: 1000 }, () => createApp(works(), context).getIamToken());
    const results = await Promise.all(calls);
    expect(new Set(results.map(({ fingerprint }) => fingerprint)).size).to.equal(1);
    expect(emulator.current.counts).to.include({ exchanges: 1, tokens: 1 });
  }).timeout(30_000);

  it("tells a thousand calls of one failure, and makes one request for it", async () => {
    emulator.current.faults.inject({ route: "tokens", status: 403, times: Infinity });
    const context = testContext();
    const errors = await Promise.all(
      Array.from({ length: 1000 }, () => failureOf(createApp(works(), context).getIamToken())),
    );
    expect(new Set(errors).size).to.equal(1);
    expect(emulator.current.counts.tokens).to.equal(1);
  }).timeout(30_000);

  it("asks each time when nothing is to be kept", async () => {
    const context = testContext();
    const app = createApp(works({ cache: "none" }), context);
    await app.getIamToken();
    await app.getIamToken();
    expect(emulator.current.counts.exchanges).to.equal(2);
  });

  it("keeps tokens apart by credential, by endpoint, by audience and by whom they impersonate", async () => {
    const other = await emulator.current.createKey();
    const target = emulator.current.addServiceAccount();
    emulator.current.grantTokenCreator(key.service_account_id, target.id);
    const context = testContext();
    const subjects: unknown[] = [];
    for (const config of [
      works(),
      works({ serviceAccountKey: { json: other } }),
      works({ impersonate: { serviceAccountId: target.id } }),
      works(),
    ])
      subjects.push((await createApp(config, context).getIamToken()).subjectId);
    expect(subjects).to.deep.equal([
      key.service_account_id,
      other.service_account_id,
      target.id,
      key.service_account_id,
    ]);
    expect(emulator.current.counts).to.include({ tokens: 2, createForServiceAccount: 1 });
    await createApp(
      works({ iamEndpoint: emulator.current.iamEndpoint.replace("127.0.0.1", "localhost") }),
      context,
    ).getIamToken();
    expect(emulator.current.counts.tokens).to.equal(3);
  });

  it("recovers after a failure, in the same process", async () => {
    emulator.current.faults.inject({ route: "tokens", status: 503 });
    const app = createApp(works(), testContext());
    expect((await failureOf(app.getIamToken())).code).to.equal("ERR_YCIAM_SERVICE");
    expect((await app.getIamToken()).resolver).to.equal("serviceAccountKey");
  });

  it("ends within 100 ms of an abort, with its reason, whatever it waits for", async () => {
    emulator.current.faults.inject({ route: "tokens", delayMs: 3000 });
    const controller = new AbortController();
    const pending = failureOf(createApp(works(), testContext()).getIamToken(controller.signal));
    await new Promise((done) => setTimeout(done, 100));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await endsWithin(100, pending)).to.equal(true);
    expect(await pending).to.equal(reason);
  });

  it("ends within its timeout when IAM hangs, and says which option to raise", async () => {
    emulator.current.faults.inject({ route: "tokens", delayMs: 3000 });
    const start = performance.now();
    const error = await failureOf(createApp(works({ timeout: "300ms" }), testContext()).getIamToken());
    expect(performance.now() - start).to.be.below(2500);
    expect([error.code, error.messageFor((path) => `--${path}`)]).to.satisfy(
      ([code, text]: string[]) => code === "ERR_YCIAM_SERVICE" && text?.includes("Raise --timeout"),
    );
  });

  it("goes by IAM's clock on a host that is a day off", async () => {
    for (const offset of [-24 * HOUR, 24 * HOUR]) {
      const context = testContext({ now: () => Date.now() + offset });
      const result = await createApp(works(), context).getIamToken();
      expect(Date.parse(result.expiresAt ?? "") - Date.now()).to.be.within(10 * HOUR, 12 * HOUR);
      expect(Math.abs(Date.parse(result.issuedAt ?? "") - Date.now())).to.be.below(5000);
    }
  });

  it("sends its tokens nowhere but to IAM: without a network beyond it, nothing is missed", async () => {
    await createApp(works(), testContext()).getIamToken();
    expect(emulator.current.requests.map(({ route }) => route)).to.deep.equal(["tokens"]);
  });
});

describe("app, the chain", () => {
  it("uses another identity never silently: a key that is wrong stops it, though a token follows", async () => {
    const env = {
      YC_SERVICE_ACCOUNT_KEY_FILE: "/no/such/file",
      YC_OAUTH_TOKEN: emulator.current.addOauthToken().token,
    };
    const error = await failureOf(createApp(at(emulator.current), testContext({ env })).getIamToken());
    expect(error).to.be.instanceOf(CredentialError);
    expect(emulator.current.requests).to.deep.equal([]);
  });

  it("goes on past an absent metadata service", async () => {
    const env = { YC_OAUTH_TOKEN: emulator.current.addOauthToken().token };
    const result = await createApp(at(emulator.current), testContext({ env })).getIamToken();
    expect(result.resolver).to.equal("oauthToken");
  });

  it("takes the first in the order that is documented", async () => {
    const credentials: readonly [string, string, string][] = [
      ["iamToken", "YC_IAM_TOKEN", "a-ready-token"],
      ["serviceAccountKey", "YC_SERVICE_ACCOUNT_KEY_FILE", JSON.stringify(key)],
      ["instanceMetadata", "YC_METADATA_ADDR", emulator.current.metadataAddress],
      ["oauthToken", "YC_OAUTH_TOKEN", emulator.current.addOauthToken().token],
    ];
    for (const [index, [resolver]] of credentials.entries()) {
      const left = credentials.slice(index).map(([, name, value]) => [name, value]);
      const context = testContext({ env: Object.fromEntries(left) as Record<string, string> });
      expect((await createApp(at(emulator.current), context).getIamToken()).resolver).to.equal(resolver);
    }
  });

  it("takes YCIAM_RESOLVERS for the list, and YCIAM_ variables for the settings", async () => {
    const env = {
      YCIAM_RESOLVERS: "oauthToken, serviceAccountKey",
      YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint,
      YCIAM_CACHE: "none",
      YCIAM_RETRIES: "0",
      YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key),
      YC_IAM_TOKEN: "not-asked-for",
    };
    expect((await createApp({}, testContext({ env })).getIamToken()).resolver).to.equal("serviceAccountKey");
  });
});

describe("app, secrets and endpoints", () => {
  it("impersonates with a cache of its own, and survives the death of the first token's life", async () => {
    const target = emulator.current.addServiceAccount();
    emulator.current.grantTokenCreator(key.service_account_id, target.id);
    const memory = new Memory();
    let offset = 0;
    const context = testContext({ memory, now: () => emulator.current.now() + offset });
    const app = createApp(works({ impersonate: { serviceAccountId: target.id } }), context);
    expect((await app.getIamToken()).subjectId).to.equal(target.id);
    await app.getIamToken();
    expect(emulator.current.counts.createForServiceAccount).to.equal(1);
    offset = 13 * HOUR;
    await app.getIamToken();
    expect(emulator.current.counts.createForServiceAccount).to.equal(2);
  });

  it("finds IAM by discovery at an endpoint of one's own, and signs for its audience", async () => {
    const config = { ...works(), iamEndpoint: undefined, endpoint: emulator.current.url };
    const usual = emulator.current.audience;
    emulator.current.audience = `${emulator.current.iamEndpoint}/iam/v1/tokens`;
    const result = await createApp(config, testContext()).getIamToken();
    emulator.current.audience = usual;
    expect(result.resolver).to.equal("serviceAccountKey");
    expect(emulator.current.counts).to.include({ endpoints: 1, tokens: 1 });
  });
});
