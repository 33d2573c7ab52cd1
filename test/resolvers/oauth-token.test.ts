import { expect } from "chai";
import { createApp } from "../../provider/app";
import { testContext } from "../support/context";
import { at, emulatorForAll, getToken, refusalOf } from "./support";

const WARNING =
  "OAuth tokens of Yandex accounts are being closed: those made since 2026-06-01 are refused, and all are announced to stop by 2026-12-31. Use one of serviceAccountKey, workloadIdentity, ycCli instead.";

describe("resolver oauthToken", () => {
  const emulator = emulatorForAll({ recordBodies: true });
  const warnings = (context: ReturnType<typeof testContext>) =>
    context.logs.filter(({ level }) => level === "warn").map(({ message }) => message);

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
    expect(warnings(context)).to.deep.equal([WARNING]);
  });

  it("warns in an explanation too", async () => {
    const { token } = emulator.current.addOauthToken();
    const context = testContext();
    await createApp({ ...at(emulator.current), oauthToken: { token } }, context).explain();
    expect(warnings(context)).to.deep.equal([WARNING]);
  });

  for (const name of ["YC_OAUTH_TOKEN", "YC_TOKEN"]) {
    it(`takes ${name}`, async () => {
      const { token } = emulator.current.addOauthToken();
      const result = await getToken(at(emulator.current), testContext({ env: { [name]: token } }));
      expect(result.resolver).to.equal("oauthToken");
    });
  }

  it("warns before a refusal too", async () => {
    const context = testContext();
    const { token } = emulator.current.addOauthToken({ issuedAt: "2026-06-02" });
    const error = await refusalOf({ ...at(emulator.current), oauthToken: { token } }, context);
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(warnings(context)).to.deep.equal([WARNING]);
    expect(emulator.current.counts.tokens).to.equal(1);
  });

  it("takes a token of any shape when it is given by its own name", async () => {
    const { token } = emulator.current.addOauthToken({ token: "an-old-token-of-some-shape" });
    const env = { YC_OAUTH_TOKEN: token };
    expect((await getToken(at(emulator.current), testContext({ env }))).resolver).to.equal("oauthToken");
  });
});
