import { expect } from "chai";
import { testContext } from "../support/context";
import { at, emulatorForAll, getToken, refusalOf, rowOf, warningsOf } from "./support";

const WARNING =
  "OAuth tokens of Yandex accounts are being closed: those made since 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of serviceAccountKey, workloadIdentity, ycCli instead.";

describe("resolver oauthToken", () => {
  const emulator = emulatorForAll({ recordBodies: true });

  it("exchanges the token, in the body and nowhere else, and warns once that this way is being closed", async () => {
    const { token, subjectId } = emulator.current.addOauthToken();
    const context = testContext();
    const config = { ...at(emulator.current), oauthToken: { token: `${token}\n` } };
    const result = await getToken(config, context);
    await getToken({ ...config, cache: "none" }, context);
    expect(result.resolver).to.equal("oauthToken");
    expect(
      emulator.current.issuedTokens.find((one) => one.token === result.token.reveal())?.subjectId,
    ).to.equal(subjectId);
    const [request] = emulator.current.requests;
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({ yandexPassportOauthToken: token });
    expect([request?.query, request?.authorization]).to.deep.equal(["", undefined]);
    expect(warningsOf(context)).to.deep.equal([WARNING]);
  });

  it("warns in an explanation and before a refusal too, in the spelling of the host", async () => {
    const { token } = emulator.current.addOauthToken({ issuedAt: "2026-06-02" });
    const config = { ...at(emulator.current), oauthToken: { token } };
    for (const end of [rowOf.bind(undefined, "oauthToken"), refusalOf]) {
      const context = testContext({ spelling: (path) => `--${path}` });
      await end(config, context);
      expect(warningsOf(context)).to.have.length(1);
      expect(warningsOf(context)[0]).to.include(
        "Use one of --serviceAccountKey, --workloadIdentity, --ycCli",
      );
    }
    expect(emulator.current.counts.tokens).to.equal(1);
  });

  for (const [name, options] of [
    ["YC_OAUTH_TOKEN", {}],
    ["YC_OAUTH_TOKEN", { token: "an-old-token-of-some-shape" }],
    ["YC_TOKEN", {}],
  ] as const) {
    it(`takes ${name} of ${"token" in options ? "any shape" : "the usual shape"}`, async () => {
      const { token } = emulator.current.addOauthToken(options);
      const result = await getToken(at(emulator.current), testContext({ env: { [name]: token } }));
      expect(result.resolver).to.equal("oauthToken");
    });
  }
});
