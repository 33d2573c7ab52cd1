import { expect } from "chai";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { type AppConfig, createApp } from "../../provider/app";
import { CLAIMS } from "../contract/resolver-world";
import { Secret } from "../../provider/core/words/secret";
import { memoryStore } from "../core/token/token-world";
import { at, emulatorForAll, getToken, keyForAll, refusalOf } from "../resolvers/support";
import { testContext } from "../support/context";

describe("impersonate", () => {
  const emulator = emulatorForAll();
  const key = keyForAll(emulator);
  let issuer: OidcIssuer;
  let caller: string;
  let target: string;
  before(async () => {
    issuer = await startOidcIssuer();
    caller = key.current.service_account_id;
    target = emulator.current.addServiceAccount().id;
    emulator.current.grantTokenCreator(caller, target);
    emulator.current.metadata.serviceAccountId = caller;
  });
  after(() => issuer.close());

  const asked = (config: AppConfig) => ({
    ...at(emulator.current),
    impersonate: { serviceAccountId: target },
    ...config,
  });
  const withKey = () => ({ serviceAccountKey: { json: key.current } });
  const ownToken = async () =>
    (await getToken({ ...at(emulator.current), ...withKey() }, testContext())).token.reveal();

  const ways: Readonly<Record<string, () => Promise<AppConfig> | AppConfig>> = {
    serviceAccountKey: withKey,
    iamToken: async () => ({ iamToken: { token: await ownToken() } }),
    functionContext: async () => ({
      functionContext: { token: { access_token: await ownToken(), expires_in: 43_200 } },
    }),
    instanceMetadata: () => ({ instanceMetadata: { address: emulator.current.metadataAddress } }),
    oauthToken: () => {
      const { token, subjectId } = emulator.current.addOauthToken();
      emulator.current.grantTokenCreator(subjectId, target);
      return { oauthToken: { token } };
    },
    workloadIdentity: async () => {
      const { id } = emulator.current.addFederation({ ...issuer, audiences: [CLAIMS.aud] });
      const bound = { federationId: id, subject: CLAIMS.sub, serviceAccountId: caller };
      emulator.current.addFederatedCredential(bound);
      return { workloadIdentity: { serviceAccountId: caller, token: await issuer.sign(CLAIMS) } };
    },
    command: async () => ({
      command: { argv: [process.execPath, "-e", `console.log('{"token":"${await ownToken()}"}')`] },
    }),
  };
  for (const [resolver, way] of Object.entries(ways)) {
    it(`is one more step after ${resolver}`, async () => {
      const result = await getToken(asked(await way()), testContext());
      expect(result).to.include({ resolver, subjectId: target });
      const issued = emulator.current.issuedTokens.find(({ token }) => token === result.token.reveal());
      expect(issued?.subjectId).to.equal(target);
      expect(emulator.current.counts.createForServiceAccount).to.equal(1);
    });
  }

  it("is set by its variable too", async () => {
    const env = { YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID: target };
    const result = await getToken({ ...at(emulator.current), ...withKey() }, testContext({ env }));
    expect(result.subjectId).to.equal(target);
  });

  it("R5: gets another token of its own, once, where somebody revoked the one that it holds", async () => {
    for (const cache of ["memory", "disk"]) {
      const { store } = memoryStore();
      const context = testContext({ store });
      const own = await getToken({ ...at(emulator.current), ...withKey(), cache }, context);
      await createApp(at(emulator.current), testContext()).revoke(own.token);
      emulator.current.reset();
      const inAnother = cache === "disk" ? testContext({ store }) : context;
      expect((await getToken(asked({ ...withKey(), cache }), inAnother)).subjectId).to.equal(target);
      expect(emulator.current.counts).to.include({ tokens: 1, createForServiceAccount: 2 });
    }
  });

  it("R5: says that the caller's own token is dead where there is no other, and nothing of a role", async () => {
    const token = await ownToken();
    await createApp(at(emulator.current), testContext()).revoke(new Secret(token));
    const { message } = await refusalOf(asked({ iamToken: { token } }), testContext());
    expect(message).to.match(
      /The caller's own token is dead: it was revoked or has expired\. Get a new one\.$/,
    );
    expect(message).to.not.contain("tokenCreator");
  });

  it("L1: takes a token of its own that lasts the call, however long the other one is to live", async () => {
    emulator.current.tokenLifetimeMs = 20 * 60_000;
    const address = emulator.current.metadataAddress;
    const config = asked({ instanceMetadata: { address }, minRemainingValidity: "1h" });
    const context = testContext();
    await getToken({ ...at(emulator.current), instanceMetadata: { address } }, context);
    emulator.current.tokenLifetimeMs = 12 * 3_600_000;
    expect((await getToken(config, context)).subjectId).to.equal(target);
    expect(emulator.current.counts.metadata).to.equal(1);
  });

  it("names the role that is missing when IAM says no, or that there is no such account", async () => {
    const refused = (serviceAccountId: string) =>
      refusalOf(asked({ ...withKey(), impersonate: { serviceAccountId } }), testContext());
    const { code, message } = await refused(emulator.current.addServiceAccount().id);
    expect(code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(message).to.match(
      /impersonate\.serviceAccountId: .*HTTP 403, code 7, request id .*needs the role iam\.serviceAccounts\.tokenCreator/,
    );
    const nobody = (await refused("ajenobody")).message;
    expect(nobody).to.match(/HTTP 404.*Service account ajenobody not found/);
  });

  it("does not make an absent credential one that fails", async () => {
    const { resolvers } = await createApp(asked({}), testContext()).explain();
    expect(resolvers.map(({ outcome }) => outcome)).to.deep.equal(resolvers.map(() => "unavailable"));
  });
});
