import { expect } from "chai";
import { Secret } from "../../provider/core/words/secret";
import { askAgainAt, askedVersion, execCredential } from "../../provider/handout/exec-credential";
import { isRefused, mayReplace, readHanded, replacedOf } from "../../provider/handout/refused";
import { Cli } from "../cli/run";
import { ok, runCommand } from "../support/run-command";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const MINUTE = 60_000;
const V1 = "client.authentication.k8s.io/v1";
const after = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
const info = (apiVersion: unknown) => JSON.stringify({ apiVersion, kind: "ExecCredential", spec: {} });

describe("exec-credential", () => {
  it("answers in the version that is asked for, and in v1 where none is", () => {
    expect(askedVersion()).to.equal(V1);
    for (const version of [V1, `${V1}beta1`]) expect(askedVersion(info(version))).to.equal(version);
    const handing = { token: new Secret("t1.a.b"), until: NOW + 999 };
    expect(JSON.parse(execCredential(V1, handing))).to.deep.equal({
      apiVersion: V1,
      kind: "ExecCredential",
      status: { expirationTimestamp: "2030-01-01T00:00:00Z", token: "t1.a.b" },
    });
  });

  for (const [asked, said] of [
    [info("client.authentication.k8s.io/v1alpha1"), 'asks for "v1alpha1"'],
    [info("planted/v1"), "asks for something else"],
    [info(1), "asks for something else"],
    ["planted", "asks for something else"],
  ] as const)
    it(`says of ${asked} what it answers in`, () => {
      expect(() => askedVersion(asked))
        .to.throw(said)
        .with.property("message")
        .that.includes("client.authentication.k8s.io/v1 and")
        .and.not.includes("planted");
    });

  const policy = { minRemainingMs: 10 * MINUTE, refreshAfterMs: 60 * MINUTE };
  for (const [title, times, minutes, minRemainingMs] of [
    ["when the token is to be renewed", { expiresAt: after(720), refreshAt: after(60) }, 60],
    ["minRemainingValidity before its end", { expiresAt: after(50), refreshAt: after(60) }, 40],
    ["a minute before its end at least", { expiresAt: after(50), refreshAt: after(60) }, 49, 0],
    [
      "in a minute, for an old one that could not be renewed",
      { expiresAt: after(90), refreshAt: after(0) },
      1,
    ],
    ["refreshAfter from now, where nobody knows its end", {}, 60],
  ] as const)
    it(`is asked again ${title}`, () => {
      const own = { ...policy, minRemainingMs: minRemainingMs ?? policy.minRemainingMs };
      expect((askAgainAt(times, own, NOW) - NOW) / MINUTE).to.equal(minutes);
    });

  it("takes a token for refused when the same one is asked for before its time, and replaces three in ten minutes", () => {
    const handed = {
      fingerprint: "a",
      until: NOW + MINUTE,
      replacedAt: [NOW - 10 * MINUTE, NOW - 1, NOW + 1],
    };
    expect(readHanded(JSON.stringify(handed))).to.deep.equal(handed);
    expect(isRefused(handed, "a", NOW)).to.equal(true);
    expect(isRefused(handed, "b", NOW)).to.equal(false);
    expect(isRefused(handed, "a", handed.until)).to.equal(false);
    expect(isRefused(undefined, "a", NOW)).to.equal(false);
    expect(replacedOf(handed, NOW)).to.deep.equal([NOW - 1]);
    expect([[], [1, 2], [1, 2, 3]].map(mayReplace)).to.deep.equal([true, true, false]);
  });

  for (const [who, variables, told] of [
    ["a client of Kubernetes may have been refused", { KUBERNETES_EXEC_INFO: info(V1) }, /Either .+ or /],
    ["a person was not", {}, /^$/],
  ] as const)
    it(`takes it that ${who} when one shell asks twice`, async () => {
      const cli = new Cli({ ...variables, YC_IAM_TOKEN: "t1.a.b" });
      const line = cli.words(["exec-credential"]).join(" ");
      const shell = ["sh", "-ec", `${line}; ${line}; true`];
      const result = await runCommand(shell, { cwd: cli.home, env: cli.env() });
      cli.cleanup();
      expect(ok(result).stderr).to.match(told);
    });

  for (const text of [undefined, "", "null", "{}", '{"fingerprint":"a","until":"x","replacedAt":[]}'])
    it(`remembers nothing by ${text}`, () => {
      expect(readHanded(text)).to.equal(undefined);
    });
});
