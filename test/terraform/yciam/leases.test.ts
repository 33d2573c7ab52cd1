import { expect } from "chai";
import { Secret } from "../../../provider/core/words/secret";
import { fingerprint } from "../../../provider/core/token/token";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { type Lease, Leases } from "../../../provider/terraform/yciam/leases";

const { signal } = new AbortController();

describe("terraform leases", () => {
  let lines: string[];
  let revoked: string[];
  let leases: Leases;
  beforeEach(() => {
    lines = [];
    revoked = [];
    const logger = createLogger({ module: "test", write: (line) => void lines.push(line) });
    leases = new Leases(logger);
  });

  function lease(name: string, options: { revokes?: boolean; expiresAt?: string } = {}): Lease {
    const { revokes = true, expiresAt = "2026-11-24T22:00:00Z" } = options;
    const token = new Secret(name);
    const result = {
      token,
      authorizationHeader: token,
      resolver: "ycCli",
      fingerprint: fingerprint(token),
      expiresAt,
    };
    return { result, ...(revokes && { revoke: async () => revoked.push(name) }) };
  }

  const add = (opened: Lease) => leases.add(Promise.resolve(opened));

  const failing = (name: string): Lease => ({
    ...lease(name),
    revoke: async () => {
      throw new Error(`refused ${name}`);
    },
  });

  it("names a lease by bytes that are not the token, and finds it by them", async () => {
    const one = lease("one");
    const id = await add(one);
    expect(Buffer.from(id).toString()).to.match(/^[-0-9a-f]{36}$/);
    expect(leases.find(id)).to.equal(one);
    expect(leases.find(Buffer.from("another"))).to.equal(undefined);
    expect(leases.find(undefined)).to.equal(undefined);
  });

  it("revokes at closing only what is to be revoked", async () => {
    await leases.close(await add(lease("kept", { revokes: false })), signal);
    await leases.close(await add(lease("gone")), signal);
    expect(revoked).to.deep.equal(["gone"]);
  });

  it("closes once, and makes nothing of bytes it does not know", async () => {
    const id = await add(lease("one"));
    await leases.close(id, signal);
    await leases.close(id, signal);
    await leases.close(undefined, signal);
    await leases.closeAll(signal);
    expect(revoked).to.deep.equal(["one"]);
  });

  it("revokes a token only when the last lease of it closes, whichever of them asked for that", async () => {
    const first = await add(lease("same"));
    const second = await add(lease("same", { revokes: false }));
    await leases.close(first, signal);
    expect(revoked).to.deep.equal([]);
    await leases.close(second, signal);
    expect(revoked).to.deep.equal(["same"]);
  });

  it("revokes what looks dead by this machine's clock, which may be wrong", async () => {
    await leases.close(await add(lease("old", { expiresAt: "2020-11-24T09:59:59Z" })), signal);
    expect(revoked).to.deep.equal(["old"]);
  });

  it("revokes at the end what is open, each token once, and says so without showing it", async () => {
    for (const name of ["one", "two", "two"]) await add(lease(name));
    await add(lease("kept", { revokes: false }));
    await leases.closeAll(signal);
    expect(revoked).to.have.members(["one", "two"]).and.have.length(2);
    expect(lines).to.have.length(2);
    expect(lines.join()).to.match(/"@level":"info"/);
    expect(lines.join()).to.contain(fingerprint(new Secret("one")));
  });

  it("tries a revocation that failed once more at the end, and logs when that fails too", async () => {
    const id = await add(failing("stuck"));
    const outcome = await leases.close(id, signal).catch((error: Error) => error.message);
    expect(outcome).to.equal("refused stuck");
    await add(lease("other"));
    await leases.closeAll(signal);
    expect(revoked).to.deep.equal(["other"]);
    const error = lines.find((line) => line.includes('"@level":"error"'));
    expect(error).to.contain("it lives until 2026-11-24T22:00:00Z").and.not.contain("refused");
  });

  it("waits at the end for a lease that is still being opened, and revokes it", async () => {
    let opened: (lease: Lease) => void = () => undefined;
    const late = leases.add(new Promise((resolve) => (opened = resolve)));
    const ending = leases.closeAll(signal);
    opened(lease("late"));
    await ending;
    expect(revoked).to.deep.equal(["late"]);
    expect(leases.find(await late)).to.equal(undefined);
    expect(lines.join()).to.contain(fingerprint(new Secret("late")));
  });

  it("revokes at once what is opened after the end, and minds no opening that fails", async () => {
    await leases.closeAll(signal);
    await add(lease("after"));
    await add(lease("kept", { revokes: false }));
    expect(revoked).to.deep.equal(["after"]);
    const broken = leases.add(Promise.reject(new Error("refused"))).catch((error: Error) => error.message);
    await leases.closeAll(signal);
    expect(await broken).to.equal("refused");
  });
});
