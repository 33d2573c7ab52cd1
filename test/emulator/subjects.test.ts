import { expect } from "chai";
import { bearer, call, post, tokenFor, useEmulator } from "./client";

describe("emulator: subjects", () => {
  const bench = useEmulator();
  const ask = async (id: string, token: string) => {
    const { status, body } = await call(`${bench.emulator.url}/iam/v1/subjects/${id}`, {
      headers: bearer(token),
    });
    return { status, code: body["code"], subject: body["subject"] as object };
  };

  it("tell of oneself and of whom one may act as, and of nobody else", async () => {
    const token = await tokenFor(bench);
    const own = bench.key.service_account_id;
    const { status, subject } = await ask(own, token);
    expect(status).to.equal(200);
    expect(subject).to.include({
      sub: own,
      type: "SERVICE_ACCOUNT",
      status: "ACTIVE",
      name: `sa-${own.slice(-4)}`,
    });
    const { id } = bench.emulator.addServiceAccount({ name: "other" });
    expect(await ask(id, token)).to.include({ status: 403, code: 7 });
    bench.emulator.grantTokenCreator(own, id);
    expect((await ask(id, token)).subject).to.include({ sub: id, name: "other" });
    expect(await ask("ajenobody", token)).to.include({ status: 404, code: 5 });
    expect(await ask(own, "t1.x.y")).to.include({ status: 401, code: 16 });
  });

  it("are users too", async () => {
    const { token: oauth, subjectId } = bench.emulator.addOauthToken();
    const url = `${bench.emulator.url}/iam/v1/tokens`;
    const { body } = await post(url, { yandexPassportOauthToken: oauth });
    const { subject } = await ask(subjectId, body["iamToken"] as string);
    expect(subject).to.include({ sub: subjectId, type: "USER_ACCOUNT" });
  });
});
