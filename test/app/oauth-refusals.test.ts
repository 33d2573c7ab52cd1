import { expect } from "chai";
import { at, emulatorForAll, getToken, refusalOf } from "../resolvers/support";
import { testContext } from "../support/context";

describe("OAuth tokens, which are being closed", () => {
  const emulator = emulatorForAll();
  const ask = (token: string) => ({ ...at(emulator.current), oauthToken: { token } });
  const replacements = ["serviceAccountKey", "workloadIdentity", "ycCli"];

  it("are warned of with both dates and the three replacements by name, even when they work", async () => {
    const context = testContext();
    await getToken(ask(emulator.current.addOauthToken().token), context);
    const [warning, ...more] = context.logs.filter(({ level }) => level === "warn");
    expect(more).to.deep.equal([]);
    for (const part of ["2026-06-01", "2026-12-31", ...replacements])
      expect(warning?.message).to.include(part);
  });

  it("are warned of in the spelling of the host", async () => {
    const context = testContext({ spelling: (path) => `--${path}` });
    await getToken(ask(emulator.current.addOauthToken().token), context);
    expect(context.logs.find(({ level }) => level === "warn")?.message).to.include("--serviceAccountKey");
  });

  const refusals: readonly [string, object, RegExp][] = [
    [
      "made since the cut-off",
      { issuedAt: "2026-06-02" },
      /refuses OAuth tokens made since 1 June 2026\. Use /,
    ],
    [
      "expired",
      { expired: true },
      /OAuth tokens live 12 months, and none made since 1 June 2026 is taken\. Use /,
    ],
  ];
  for (const [name, options, message] of refusals) {
    it(`are explained when they are ${name}`, async () => {
      const { token } = emulator.current.addOauthToken(options);
      const error = await refusalOf(ask(token), testContext());
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.match(message).and.not.include(token);
      for (const name of replacements) expect(error.message).to.include(name);
    });
  }

  it("are explained when the account never entered the cloud", async () => {
    const { token } = emulator.current.addOauthToken({ registered: false });
    expect((await refusalOf(ask(token), testContext())).message).to.match(/open the console once/);
  });
});
