import { expect } from "chai";
import { at, emulatorForAll, getToken, keyForAll, refusalOf } from "../resolvers/support";
import { testContext } from "../support/context";

const RU = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
const KZ = "https://iam.api.yandexcloud.kz/iam/v1/tokens";

describe("installations", () => {
  const emulator = emulatorForAll();
  const key = keyForAll(emulator);
  afterEach(() => (emulator.current.audience = RU));

  const withKey = (more = {}) => ({ retries: 0, serviceAccountKey: { json: key.current }, ...more });
  const overridden = (more = {}) => ({ ...withKey(), ...at(emulator.current), ...more });
  const keyOf = async (account: string) => {
    emulator.current.addServiceAccount({ id: account });
    return { serviceAccountKey: { json: await emulator.current.createKey({ serviceAccountId: account }) } };
  };

  for (const [name, audience] of [
    ["ru", RU],
    ["kz", KZ],
  ] as const) {
    it(`signs for the audience of ${name}, whatever address it is sent to`, async () => {
      emulator.current.audience = audience;
      await getToken(overridden({ installation: name }), testContext());
      await getToken(overridden(), testContext({ env: { YCIAM_INSTALLATION: name } }));
      const other = name === "ru" ? "kz" : "ru";
      const error = await refusalOf(overridden({ installation: other }), testContext());
      expect(error.message).to.match(/HTTP 401/);
    });
  }

  it("finds IAM through an endpoint of one's own, asks for it once, and signs for what it found", async () => {
    emulator.current.audience = `${emulator.current.url}/iam/v1/tokens`;
    const context = testContext();
    for (const cache of ["none", "memory"])
      await getToken(withKey({ cache, endpoint: emulator.current.url }), context);
    const env = { YC_ENDPOINT: emulator.current.url };
    await getToken(withKey(), testContext({ session: context.session, env }));
    expect(emulator.current.counts).to.include({ endpoints: 1, tokens: 2 });
  });

  const strangers = [
    ["b2b0000000000000kz00", "ru", "kz"],
    ["ao70000000000000kz00", "ru", "kz"],
    ["aje0000000000000ru00", "kz", "ru"],
  ] as const;
  for (const [account, here, home] of strangers) {
    it(`hints that an account ${account.slice(0, 3)}... may be of ${home}, when ${here} refuses it`, async () => {
      emulator.current.audience = "https://elsewhere.example";
      const asked = overridden({ installation: here, ...(await keyOf(account)) });
      const { message } = await refusalOf(asked, testContext());
      expect(message).to.match(
        new RegExp(`begins like those of the installation ${home}, but installation is ${here}`),
      );
    });
  }

  it("gives the hint to nobody else, and never in place of a token", async () => {
    const kz = await keyOf("b2b1111111111111kz11");
    expect((await getToken(overridden(kz), testContext())).subjectId).to.equal("b2b1111111111111kz11");
    emulator.current.audience = "https://elsewhere.example";
    for (const more of [{ ...kz, installation: "kz" }, await keyOf("xyz1111111111111xx11")]) {
      const { message } = await refusalOf(overridden(more), testContext());
      expect(message)
        .to.match(/HTTP 401/)
        .and.not.match(/begins like/);
    }
  });
});
