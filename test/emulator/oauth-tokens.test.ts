import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { type Answer, post } from "./client";

describe("emulator: OAuth tokens", () => {
  const nowMs = Date.UTC(2026, 10, 24);
  let emulator: Emulator;

  before(async () => {
    emulator = await startEmulator({ now: () => nowMs });
  });
  after(() => emulator.close());

  function exchange(token: string): Promise<Answer> {
    return post(`${emulator.url}/iam/v1/tokens`, { yandexPassportOauthToken: token });
  }

  it("are exchanged when they are from before the cut-off", async () => {
    const { token, subjectId } = emulator.addOauthToken();
    expect(token).to.match(/^y[0-3]_[-_A-Za-z0-9]{55}$/);
    const { status, body } = await exchange(token);
    expect(status).to.equal(200);
    expect(emulator.issuedTokens.find((issued) => issued.token === body["iamToken"])?.subjectId).to.equal(
      subjectId,
    );
  });

  it("are refused with code 3 when issued on the day of the cut-off or later", async () => {
    const { token } = emulator.addOauthToken({ subjectId: "ajeuser", issuedAt: "2026-06-01" });
    const { status, body } = await exchange(token);
    expect(status).to.equal(400);
    expect(body["code"]).to.equal(3);
    expect(body["message"]).to.equal(
      "OAuth token for user 'ajeuser', issued after '2026-06-01', is not supported for IAM token exchange",
    );
    expect((await exchange(emulator.addOauthToken({ issuedAt: "2026-05-31" }).token)).status).to.equal(200);
  });

  it("are refused with code 16 when unknown, expired or a year old", async () => {
    const expired = emulator.addOauthToken({ expired: true }).token;
    const old = emulator.addOauthToken({ issuedAt: nowMs - 366 * 24 * 3600_000 }).token;
    for (const token of ["y0_unknown", expired, old]) {
      const { status, body } = await exchange(token);
      expect(status).to.equal(401);
      expect(body).to.include({ code: 16, message: "OAuth token is invalid or expired" });
    }
  });

  it("are refused for a user who never entered the cloud", async () => {
    const { body } = await exchange(emulator.addOauthToken({ token: "y0_mine", registered: false }).token);
    expect(body).to.include({ code: 16, message: "User does not registered in Yandex.cloud" });
  });
});
