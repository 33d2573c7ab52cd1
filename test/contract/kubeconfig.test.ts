import { expect } from "chai";
import { parse } from "yaml";
import { OptionError } from "../../provider/core/words/errors";
import { createCertificate } from "../../provider/tls/certificate";
import { kubeconfig, type KubeconfigArgs } from "../../sdk/nodejs";
import { Cli } from "../cli/run";
import { type Served, servePlugin } from "../pulumi/support/serve";
import { startYciam, type Yciam } from "../terraform/support/yciam-client";

const { pem, privateKey } = createCertificate(Date.now());
const GOOD = { server: "https://203.0.113.7", ca: pem, name: "prod" };

/** Arguments, and what exec-credential is given by them. */
const CASES: readonly (readonly [KubeconfigArgs, readonly string[]])[] = [
  [GOOD, []],
  [{ ...GOOD, name: 'a: "b"\n# ü 🚀\x7f\x85\u2028\ufffe' }, []],
  [
    {
      ...GOOD,
      server: "https://[::1]:6443/path",
      args: [
        "--command-argv",
        "b,c",
        "--command-argv=-a",
        "--resolvers=command",
        "--impersonate-service-account-id",
        "aje1",
      ],
    },
    [
      "--resolvers=command",
      "--command-argv=b,c",
      "--command-argv=-a",
      "--impersonate-service-account-id=aje1",
    ],
  ],
];

/** Arguments that are wrong, the one at fault, and what is said of it. */
const WRONG: readonly (readonly [object, string, RegExp])[] = [
  [{ server: "http://203.0.113.7" }, "server", /must use https/],
  [{ server: "https://user:planted@host" }, "server", /a user or a password/],
  [{ ca: privateKey }, "ca", /no certificate in PEM/],
  [{ ca: pem.replace(/\n.{9}/, "\nplanted++") }, "ca", /no certificate in PEM/],
  [{ name: " " }, "name", /is empty/],
  [{ args: ["--service-account-key-json", "planted"] }, "args", /--service-account-key-json is a secret/],
  [{ args: ['--service-account-key-file={"planted":1}'] }, "args", /--service-account-key-file is a secret/],
  [{ args: ["--iam-token-token=-"] }, "args", /--iam-token-token is a secret/],
  [{ args: ["--option=own.key=planted"] }, "args", /cannot have --option/],
  [{ args: ["t1.planted.9"] }, "args", /cannot have a word that is no flag/],
  [{ args: ["--timeout"] }, "args", /--timeout has no value/],
];

describe("a kubeconfig", function () {
  this.timeout(60_000);
  let plugin: Served;
  let yciam: Yciam;
  const cli = new Cli();
  before(async () => {
    [plugin, yciam] = await Promise.all([servePlugin(), startYciam()]);
  });
  after(async () => {
    await plugin.close();
    yciam.end();
    cli.cleanup();
  });

  const byCli = ({ server, ca, name, args = [] }: KubeconfigArgs) =>
    cli.run(["kubeconfig", "--server", server, ...args, "--ca", cli.write("ca.pem", ca), "--name", name]);
  const byTerraform = ({ server, ca, name, args = [] }: KubeconfigArgs) =>
    yciam.callFunction("kubeconfig", server, ca, name, ...args);

  for (const [args, flags] of CASES)
    it(`is the same by every host, and calls exec-credential ${flags.join(" ")}`, async () => {
      const text = kubeconfig(args);
      expect((await plugin.client.invoke("kubeconfig", { ...args })).result).to.deep.equal({
        kubeconfig: text,
      });
      expect(text, "what kubectl's YAML refuses").not.to.match(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/);
      expect(await byTerraform(args)).to.equal(text);
      expect((await byCli(args)).stdout).to.equal(text);
      const [user] = (parse(text) as { users: { user: { exec: { args: string[] } } }[] }).users;
      expect(user?.user.exec.args).to.deep.equal(["exec-credential", `--cluster=${args.name}`, ...flags]);
    });

  it("has the certificates alone, however the file is written", () => {
    const file = `${privateKey}\r\nsubject=/CN=x\r\n${pem.replaceAll("\n", "\r\n")}`;
    expect(kubeconfig({ ...GOOD, ca: file })).to.equal(kubeconfig({ ...GOOD, ca: pem.trim(), args: [] }));
    expect(kubeconfig({ ...GOOD, ca: pem + pem })).not.to.equal(kubeconfig(GOOD));
  });

  for (const [wrong, option, said] of WRONG)
    it(`is refused by every host, which names ${option}: ${said.source}`, async () => {
      const args = { ...GOOD, ...wrong };
      expect(() => kubeconfig(args))
        .to.throw(OptionError, said)
        .with.property("option", option);
      const { failures } = await plugin.client.invoke("kubeconfig", { ...args });
      expect(failures.map(({ property }) => property)).to.deep.equal([option]);
      const error = await byTerraform(args);
      expect(error).to.have.property("functionArgument", Object.keys({ ...GOOD, args }).indexOf(option));
      const { code, stdout, stderr } = await byCli(args);
      expect([code, stdout]).to.deep.equal([64, ""]);
      for (const text of [failures[0]?.reason, (error as { text: string }).text, stderr])
        expect(text).to.match(said).and.not.contain("planted");
    });

  for (const [option, wrong] of [
    ["name", { name: "a\0b" }],
    ["name", { name: "\ud83d" }],
    ["args", { args: ["--service-account-key-file=a\0b"] }],
  ] as const)
    it(`is not made with what no program can be given in its ${option}, as in ${JSON.stringify(wrong)}`, () => {
      expect(() => kubeconfig({ ...GOOD, ...wrong }))
        .to.throw(OptionError, /cannot be given to a program/)
        .with.property("option", option);
    });

  it("is not made of what is missing, or misspelt, or not known yet", async () => {
    expect(() => kubeconfig({ server: GOOD.server, name: "x" } as KubeconfigArgs)).to.throw(/^ca is missing/);
    expect(() => kubeconfig({ ...GOOD, token: "planted" } as KubeconfigArgs)).to.throw(/no option token/);
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const { result } = await plugin.client.invoke("kubeconfig", { ...GOOD, server: unknown });
    expect(result).to.deep.equal({ kubeconfig: unknown });
  });
});
