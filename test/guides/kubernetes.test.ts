import { expect } from "chai";
import { dirname } from "node:path";
import { which } from "../engines/on-path";
import { followGuide } from "../support/guides";
import { type KubeApi, startKubeApi } from "../support/kube-api";
import { ok, runCommand } from "../support/run-command";
import { GuideWorld } from "./world";

describe("the guide to Kubernetes", function () {
  this.timeout(120_000);
  let world: GuideWorld;
  let api: KubeApi;

  before(async function () {
    const programs = ["kubectl", "jq"].map((name) => which(name, process.env as Record<string, string>));
    if (programs.includes(undefined)) {
      process.stderr.write("    kubectl or jq is not on this machine: the guide is not followed\n");
      return this.skip();
    }
    const folders = programs.map((path) => dirname(path as string));
    world = await GuideWorld.create(folders, { reuseWhileMs: Infinity });
    api = await startKubeApi(world.emulator);
    const master = {
      endpoints: { external_v4_endpoint: api.url },
      master_auth: { cluster_ca_certificate: api.ca },
    };
    world.program("yc", `cat ${world.write("cluster.txt", JSON.stringify({ master }))}`);
  });
  after(async () => {
    api?.close();
    await world?.close();
  });

  it("is true from its first line to its last, whatever the token", async () => {
    const key = await world.emulator.createKey();
    const { id } = world.emulator.addServiceAccount();
    world.emulator.grantTokenCreator(key.service_account_id, id);
    world.write("key.json", JSON.stringify(key));
    const instead = { aje0example00deployer: id, "--server https://203.0.113.7": `--server ${api.url}` };
    const follow = () => followGuide("kubernetes", { ...world.reader, instead });
    const asked = () => new Set(api.requests.map(({ token }) => world.emulator.review(token)?.subjectId));
    const [, own, others] = await follow();
    for (const run of [own, others]) expect(run?.stdout).to.match(/^default /m);
    expect(asked()).to.deep.equal(new Set([key.service_account_id, id]));
    const show = async () =>
      ok(await runCommand(["cat", "kubeconfig.yaml", "deployer.yaml"], world.reader)).stdout;
    const written = await show();
    world.emulator.clockOffsetMs = 13 * 3_600_000;
    await runCommand(["rm", "-r", ".cache"], world.reader);
    await follow();
    expect(world.emulator.counts.exchanges).to.equal(4);
    expect(await show()).to.equal(written);
  });

  it("gives kubectl another token once one was refused", async () => {
    const env = {
      ...world.reader.env,
      YC_SERVICE_ACCOUNT_KEY_FILE: "key.json",
      KUBECONFIG: "kubeconfig.yaml",
    };
    const get = () => runCommand(["kubectl", "get", "namespaces"], { ...world.reader, env });
    ok(await get());
    world.emulator.issuedTokens.forEach((token) => (token.revoked = true));
    const before = api.requests.length;
    await get();
    ok(await get());
    const tokens = api.requests.slice(before).map(({ token }) => token);
    expect(new Set(tokens).size).to.equal(2);
    expect(api.requests.slice(before).filter(({ status }) => status === 401)).to.have.length(1);
  });
});
