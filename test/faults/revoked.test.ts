import { expect } from "chai";
import { createApp } from "../../provider/app";
import type { Secret } from "../../provider/core/words/secret";
import { folderForEach } from "../support/folders";
import { openStore } from "../support/stores";
import { startTrial, type Trial } from "./iam";

describe("faults: a token that was revoked", () => {
  const folder = folderForEach();
  let trial: Trial;
  beforeEach(async () => {
    trial = await startTrial({}, { store: openStore(folder.path).store });
  });
  afterEach(() => trial.close());

  const revoke = (token: Secret) =>
    createApp({ iamEndpoint: trial.emulator.iamEndpoint }, trial.context).revoke(token);

  it("is forgotten by the store too: the next process gets another one", async () => {
    const { token, fingerprint } = await trial.getInAnother();
    expect((await trial.getInAnother()).fingerprint).to.equal(fingerprint);
    await revoke(token);
    expect((await trial.getInAnother()).fingerprint).not.to.equal(fingerprint);
  });

  it("takes no other token out of memory or store", async () => {
    const mine = await trial.get();
    const other = await trial.get({ cache: "none" });
    await revoke(other.token);
    for (const now of [await trial.get(), await trial.getInAnother()])
      expect(now.fingerprint).to.equal(mine.fingerprint);
  });
});
