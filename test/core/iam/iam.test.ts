import { expect } from "chai";
import type { KeyFile } from "../../../emulator/index";
import { startCall } from "../../../provider/core/token/call";
import { ServerClock } from "../../../provider/core/token/clock";
import type { Context } from "../../../provider/core/context";
import { resolveEndpoints } from "../../../provider/core/iam/endpoints";
import { CredentialError, ServiceError, type YciamError } from "../../../provider/core/words/errors";
import { createIam, type Iam } from "../../../provider/core/iam/iam";
import { Secret } from "../../../provider/core/words/secret";
import { readServiceAccountKey } from "../../../provider/core/iam/keys";
import { MAX_TOKEN_LIFE_MS } from "../../../provider/core/token/token";
import { emulatorForAll } from "../../resolvers/support";
import { testContext } from "../../support/context";
import { everyText } from "../../support/every-text";

const emulator = emulatorForAll();
const call = () => startCall(new AbortController().signal, 5000);
const HOUR = 3_600_000;

/** A client of the emulator's IAM, of a host whose clock is off by so much. */
function client(offsetMs = 0): Iam & { readonly context: Context & ReturnType<typeof testContext> } {
  const now = () => emulator.current.now() + offsetMs;
  const context = testContext({ now });
  const { iamEndpoint, authEndpoint } = emulator.current;
  const endpoints = resolveEndpoints({ iamEndpoint, authEndpoint }, context, 0);
  return { ...createIam({ context, endpoints, clock: new ServerClock(now), retries: 0 }), context };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("a token was given"),
    (error: unknown) => error as YciamError,
  );

describe("core/exchange, of a key", () => {
  let file: KeyFile;
  before(async () => {
    file = await emulator.current.createKey();
  });
  const key = () => readServiceAccountKey(file, "KEY", "");

  it("gives the token, whose it is, and when it dies, with nanoseconds cut", async () => {
    const token = await client().exchangeKey(key(), call());
    const [issued] = emulator.current.issuedTokens.filter((one) => one.token === token.token.reveal());
    expect(issued?.subjectId).to.equal(file.service_account_id);
    expect(token.subjectId).to.equal(file.service_account_id);
    expect(token.expiresAt).to.equal(issued?.expiresAt);
    expect(emulator.current.counts).to.include({ tokens: 1, exchanges: 1 });
  });

  for (const [how, offset] of [
    ["five minutes slow", -5 * 60_000],
    ["five minutes fast", 5 * 60_000],
    ["a day slow", -24 * HOUR],
    ["a day fast", 24 * HOUR],
  ] as const) {
    it(`works on a host that is ${how}: IAM's clock counts`, async () => {
      const iam = client(offset);
      const token = await iam.exchangeKey(key(), call());
      const left = (token.expiresAt ?? 0) - iam.clock.now();
      expect(left).to.be.within(11 * HOUR, MAX_TOKEN_LIFE_MS);
      expect(Math.abs(iam.clock.offsetMs + offset)).to.be.below(2000);
      await iam.exchangeKey(key(), call());
      expect(emulator.current.counts.tokens).to.be.at.most(3);
    });
  }

  it("warns once that the host's clock is wrong, when an assertion was refused for it", async () => {
    const iam = client(-24 * HOUR);
    await iam.exchangeKey(key(), call());
    await iam.exchangeKey(key(), call());
    const warnings = iam.context.logs.filter(({ level }) => level === "warn");
    expect(warnings).to.have.length(1);
    expect(warnings[0]?.message).to.match(/^this host's clock is (24h|23h 59m) slow; going by IAM's$/);
    expect(emulator.current.counts.tokens).to.equal(3);
  });

  it("does not try again when a refusal has nothing to do with the clock", async () => {
    const wrong = readServiceAccountKey({ ...file, id: "ajenone" }, "KEY", "");
    const error = await failureOf(client().exchangeKey(wrong, call()));
    expect(error).to.be.instanceOf(CredentialError);
    expect(emulator.current.counts.tokens).to.equal(1);
  });

  const strange: readonly [string, object, string][] = [
    ["no token", { expiresAt: "2126-01-01T00:00:00Z" }, "IAM's reply has no iamToken"],
    ["an empty token", { iamToken: "", expiresAt: "2126-01-01T00:00:00Z" }, "IAM's reply has no iamToken"],
    [
      "a token that is no text",
      { iamToken: {}, expiresAt: "2126-01-01T00:00:00Z" },
      "IAM's reply has no iamToken",
    ],
    ["no expiry", { iamToken: "CANARY" }, "IAM's reply has no expiresAt"],
    [
      "an expiry that is no time",
      { iamToken: "CANARY", expiresAt: "soon" },
      "IAM's reply has an expiresAt that is not an RFC 3339 time with a zone",
    ],
    [
      "an expiry in the past",
      { iamToken: "CANARY", expiresAt: "2020-01-01T00:00:00Z" },
      "IAM's reply has an expiresAt that is in the past",
    ],
  ];
  for (const [what, body, problem] of strange) {
    it(`makes no token of a reply with ${what}`, async () => {
      emulator.current.faults.inject({ route: "tokens", body });
      const error = await failureOf(client().exchangeKey(key(), call()));
      expect(error).to.be.instanceOf(ServiceError).with.property("failure", "reply");
      expect(error.message).to.match(
        new RegExp(
          `^${problem} \\(request id [-\\w]+\\)\\. Is a proxy or another service answering in its place\\?$`,
        ),
      );
      expect(everyText(error)).to.not.contain("CANARY");
    });
  }

  it("makes no token of a reply that was cut in the middle", async () => {
    emulator.current.faults.inject({ route: "tokens", truncate: true });
    const error = await failureOf(client().exchangeKey(key(), call()));
    expect(error).to.be.instanceOf(ServiceError).with.property("failure", "reply");
    expect(everyText(error)).to.not.match(/t1\./);
  });

  it("cuts an expiry beyond twelve hours", async () => {
    emulator.current.faults.inject({ route: "tokens", expiresAt: "2126-01-01T00:00:00.123456789Z" });
    const iam = client();
    const { expiresAt = 0 } = await iam.exchangeKey(key(), call());
    expect(expiresAt - iam.clock.now()).to.be.within(MAX_TOKEN_LIFE_MS - 5000, MAX_TOKEN_LIFE_MS);
  });

  for (const [status, kind] of [
    [400, CredentialError],
    [401, CredentialError],
    [403, CredentialError],
    [404, CredentialError],
    [409, ServiceError],
    [429, ServiceError],
    [500, ServiceError],
    [503, ServiceError],
  ] as const) {
    it(`blames ${kind.name === "ServiceError" ? "the service" : "the credential"} for ${status}`, async () => {
      emulator.current.faults.inject({ route: "tokens", status });
      const error = await failureOf(client().exchangeKey(key(), call()));
      expect(error).to.be.instanceOf(kind);
      expect((error as ServiceError).reply.status).to.equal(status);
      expect((error as ServiceError).reply.requestId).to.be.a("string");
    });
  }
});

describe("core/exchange, of tokens", () => {
  it("exchanges an OAuth token; whose it is, IAM does not say", async () => {
    const { token } = emulator.current.addOauthToken();
    const got = await client().exchangeOauthToken(new Secret(token), call());
    expect([got.subjectId, typeof got.expiresAt]).to.deep.equal([undefined, "number"]);
    expect(emulator.current.counts).to.include({ tokens: 1, exchanges: 1 });
  });

  it("asks for another account's token with one's own, and says what role is needed when refused", async () => {
    const target = emulator.current.addServiceAccount();
    const caller = emulator.current.addServiceAccount({ tokenCreatorOn: [target.id] });
    const iam = client();
    const tokenOf = async (serviceAccountId: string) => {
      const file = await emulator.current.createKey({ serviceAccountId });
      return (await iam.exchangeKey(readServiceAccountKey(file, "KEY", ""), call())).token;
    };
    const got = await iam.impersonate(await tokenOf(caller.id), target.id, call());
    expect(got.subjectId).to.equal(target.id);
    expect(emulator.current.issuedTokens.at(-1)?.subjectId).to.equal(target.id);

    const error = await failureOf(iam.impersonate(await tokenOf(target.id), caller.id, call()));
    expect(error).to.be.instanceOf(CredentialError).with.property("option", "impersonate.serviceAccountId");
    expect(error.message).to.match(
      /^cannot impersonate the service account of impersonate\.serviceAccountId: POST .+ was refused \(HTTP 403, code 7, request id .+\): Permission denied\. The caller needs the role iam\.serviceAccounts\.tokenCreator on that account or its folder\.$/,
    );
  });

  it("revokes a token, with the token itself as the proof, and says whose it was", async () => {
    const iam = client();
    const { token, subjectId } = emulator.current.addOauthToken();
    const got = await iam.exchangeOauthToken(new Secret(token), call());
    expect(await iam.revoke(got.token, call())).to.equal(subjectId);
    expect(await failureOf(iam.revoke(got.token, call()))).to.be.instanceOf(CredentialError);
  });

  it("ends at the end of the call, and shows nothing of what was sent", async () => {
    emulator.current.faults.inject({ route: "tokens", delayMs: 3000 });
    const { token } = emulator.current.addOauthToken();
    const short = startCall(new AbortController().signal, 150);
    const error = await failureOf(client().exchangeOauthToken(new Secret(token), short));
    expect(error).to.be.instanceOf(ServiceError).with.property("failure", "timeout");
    expect(everyText(error)).to.not.contain(token);
  });

  it("hints at the console for a user who never entered the cloud", async () => {
    const { token } = emulator.current.addOauthToken({ registered: false });
    const error = await failureOf(client().exchangeOauthToken(new Secret(token), call()));
    expect(error.message).to.match(/never signed in to Yandex Cloud: open the console once\.$/);
  });
});
