import { expect } from "chai";
import { createApp } from "../../provider/app";
import { Memory } from "../../provider/core/token/memory";
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

  /** The same credential and the same store, in a process of its own. */
  const another = (cache = "disk", memory = new Memory()) =>
    createApp(
      { serviceAccountKey: { json: trial.key }, iamEndpoint: trial.emulator.iamEndpoint, cache },
      { ...trial.context, memory },
    );

  it("is forgotten by the store too: the next process gets another one", async () => {
    const { token, fingerprint } = await another().getIamToken();
    expect((await another().getIamToken()).fingerprint).to.equal(fingerprint);
    await another().revoke(token);
    expect((await another().getIamToken()).fingerprint).not.to.equal(fingerprint);
  });

  it("takes no other token out of the memory of this process", async () => {
    const app = another("memory", trial.context.memory);
    const mine = await app.getIamToken();
    const other = await trial.get({ cache: "none" });
    await app.revoke(other.token);
    expect((await app.getIamToken()).fingerprint).to.equal(mine.fingerprint);
  });

  it("takes no other token out of the store", async () => {
    const mine = await another().getIamToken();
    const other = await trial.get({ cache: "none" });
    await another().revoke(other.token);
    expect((await another().getIamToken()).fingerprint).to.equal(mine.fingerprint);
  });
});
