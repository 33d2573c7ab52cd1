import { expect } from "chai";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import { type AppConfig, createApp } from "../../provider/app";
import { CLAIMS } from "../contract/resolver-world";
import { at, emulatorForAll, getToken, refusalOf } from "../resolvers/support";
import { testContext } from "../support/context";

describe("impersonate", () => {
  const emulator = emulatorForAll();
  let issuer: OidcIssuer;
  let key: string;
  let caller: string;
  let target: string;
  before(async () => {
    issuer = await startOidcIssuer();
    const file = await emulator.current.createKey();
    caller = file.service_account_id;
    key = JSON.stringify(file);
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
  const withKey = () => ({ serviceAccountKey: { json: key } });
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

  it("keeps both tokens, and hands out no one else's", async () => {
    const context = testContext();
    await getToken(asked(withKey()), context);
    await getToken(asked(withKey()), context);
    expect(emulator.current.counts).to.include({ tokens: 1, createForServiceAccount: 1 });
    const own = await getToken({ ...at(emulator.current), ...withKey() }, context);
    expect(own.subjectId).to.equal(caller);
    expect(emulator.current.counts.tokens).to.equal(1);
  });

  it("names the role that is missing when IAM says no", async () => {
    const stranger = emulator.current.addServiceAccount().id;
    const error = await refusalOf(
      asked({ ...withKey(), impersonate: { serviceAccountId: stranger } }),
      testContext(),
    );
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(error.message).to.match(
      /impersonate\.serviceAccountId: .*HTTP 403, code 7, request id .*needs the role iam\.serviceAccounts\.tokenCreator/,
    );
  });

  it("says so when there is no such account", async () => {
    const nobody = { impersonate: { serviceAccountId: "ajenobody" } };
    const { message } = await refusalOf(asked({ ...withKey(), ...nobody }), testContext());
    expect(message).to.match(/HTTP 404.*Service account ajenobody not found/);
  });

  it("does not make an absent credential one that fails", async () => {
    const { resolvers } = await createApp(asked({}), testContext()).explain();
    expect(resolvers.map(({ outcome }) => outcome)).to.deep.equal(resolvers.map(() => "unavailable"));
  });
});
