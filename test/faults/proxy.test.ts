import { expect } from "chai";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { createCertificate } from "../../provider/terraform/plugin/certificate";
import { bundle } from "../support/bundle";
import { type ConnectProxy, type ProxyOptions, startConnectProxy } from "../support/connect-proxy";
import { folderForEach } from "../support/folders";
import { ownVariables } from "../support/variables";
import { startTrial, type Trial } from "./iam";

const { pem, privateKey } = createCertificate(Date.now());
const NAMES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY"];
const REASON = new Error("the user pressed Ctrl-C");

describe("faults: a proxy", () => {
  const folder = folderForEach();
  const setVariables = ownVariables(...NAMES, ...NAMES.map((name) => name.toLowerCase()));
  let trial: Trial;
  let proxy: ConnectProxy;
  let config: { iamEndpoint: string; caFile: string };

  const start = async (options?: ProxyOptions) => {
    proxy = await startConnectProxy(options);
  };
  beforeEach(async () => {
    trial = await startTrial({ tls: { cert: pem, key: privateKey } });
    const caFile = join(folder.path, "authority.pem");
    writeFileSync(caFile, pem);
    config = { iamEndpoint: trial.emulator.iamEndpoint.replace("127.0.0.1", "localhost"), caFile };
  });
  afterEach(() => Promise.all([trial.close(), proxy.close()]));
  const target = () => new URL(config.iamEndpoint).host;

  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
    it(`is gone through when ${name} names it, with the credential under TLS of IAM's own`, async () => {
      await start();
      setVariables({ [name]: `http://${proxy.address}` });
      await trial.get(config);
      expect(proxy.asked).to.deep.equal([target()]);
      expect(trial.emulator.counts.exchanges).to.equal(1);
      expect(proxy.seen()).not.to.match(/eyJ|iam\/v1|t1\./);
    });
  }

  it("may be named without a scheme, as other programs take it", async () => {
    await start({ credentials: "user:word" });
    setVariables({ HTTPS_PROXY: ` user:word@${proxy.address} ` });
    await trial.get(config);
    expect(proxy.asked).to.deep.equal([target()]);
  });

  it("may speak TLS itself, by an authority of caFile as IAM does", async () => {
    await start({ tls: { cert: pem, key: privateKey }, credentials: "user:word" });
    setVariables({ HTTPS_PROXY: `https://user:word@${proxy.address.replace("127.0.0.1", "localhost")}` });
    await trial.get(config);
    expect(proxy.asked).to.deep.equal([target()]);
    expect(trial.emulator.counts.exchanges).to.equal(1);
  });

  it("gets its user and password, which nobody else sees", async () => {
    await start({ credentials: "user:pa:ss w%rd" });
    setVariables({ HTTPS_PROXY: `http://user:pa%3Ass%20w%25rd@${proxy.address}` });
    await trial.get(config);
    expect(trial.emulator.counts.exchanges).to.equal(1);
    expect(JSON.stringify(trial.emulator.requests)).not.to.match(/pa:ss|pa%3A|proxy-auth/i);
  });

  it("is told apart from IAM when it wants another password; neither is shown", async () => {
    await start({ credentials: "user:right" });
    setVariables({ HTTPS_PROXY: `http://user:wrong-password@${proxy.address}` });
    const error = await trial.failure({ ...config, retries: 1 });
    expect(error.message).to.match(
      /the proxy would not connect \(HTTP 407\); it wants a user and a password/,
    );
    expect(`${error.message}${error.stack}${JSON.stringify(trial.context.logs)}`).not.to.match(
      /wrong-password|d3Jvbmct/,
    );
    expect(trial.emulator.requests).to.deep.equal([]);
  });

  /** All that a process of its own prints which gets a token through the proxy. */
  const printed = async (more: Record<string, string>) => {
    await start({ credentials: "user:pass-that-hides" });
    const program = bundle("test/platform/children/token.ts", folder.path);
    const env = {
      HTTPS_PROXY: `http://user:pass-that-hides@${proxy.address}`,
      YCIAM_CACHE: "memory",
      YCIAM_CA_FILE: config.caFile,
      YCIAM_IAM_ENDPOINT: config.iamEndpoint,
      YC_SERVICE_ACCOUNT_KEY_FILE: trial.key,
      ...more,
    };
    const run = promisify(execFile)(process.execPath, [program], { env, maxBuffer: 64 * 1024 ** 2 });
    run.child.stdin?.end("go\n");
    return run;
  };
  const PASSWORD = /pass-that-hides|cGFzcy10aGF0LWhpZGVz|dXNlcjpwYXNz/;

  it("shows no password under DEBUG either, on any stream of a real process", async () => {
    const { stdout, stderr } = await printed({ DEBUG: "*" });
    expect(stdout).to.match(/^ready\n[0-9a-f]{12}\n$/);
    expect(`${stdout}${stderr}`).not.to.match(PASSWORD);
    expect(proxy.asked).to.deep.equal([target()]);
  });

  it("does not keep Node from printing headers under NODE_DEBUG, its password and a bearer; no key and no assertion", async () => {
    const serviceAccountId = trial.emulator.addServiceAccount().id;
    const { stderr } = await printed({
      NODE_DEBUG: "http,https,net,tls",
      YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID: serviceAccountId,
    });
    const [issued] = trial.emulator.issuedTokens;
    // These two are the exceptions that SECURITY.md names.
    expect(stderr).to.match(PASSWORD);
    expect(stderr).to.include(issued?.token);
    const assertions = trial.emulator.requests.flatMap(({ body }) => /eyJ[-\w.]+/.exec(body ?? "") ?? []);
    expect(assertions).to.have.length(1);
    for (const secret of [...assertions, ...trial.secrets]) expect(stderr).not.to.include(secret);
  });

  for (const [refuse, asked] of [
    [403, 1],
    [503, 3],
  ] as const) {
    it(`that answers ${refuse} is named as the one that did, after ${asked} attempts`, async () => {
      await start({ refuse });
      setVariables({ HTTPS_PROXY: `http://${proxy.address}` });
      const error = await trial.failure({ ...config, retries: 2 });
      expect(error.message).to.include(`the proxy would not connect (HTTP ${refuse}); check HTTPS_PROXY`);
      expect(proxy.asked).to.have.length(asked);
    });
  }

  /** Waits until nothing is connected to the proxy. */
  const isLeft = async () => {
    while (proxy.openSockets() > 0) await delay(10);
  };

  it("that never answers costs no more than the time allowed, and keeps no process from its end", async () => {
    await start({ refuse: "silent" });
    setVariables({ HTTPS_PROXY: `http://${proxy.address}` });
    const begin = performance.now();
    const error = await trial.failure({ ...config, timeout: "1s" });
    expect(error.message).to.match(/did not end within the time allowed/);
    await isLeft();
    // A proxy that is silent is given up after 10 s.
    expect(performance.now() - begin).to.be.below(7000);
  });

  for (const [when, options] of [
    ["before the tunnel is there", { refuse: "silent" }],
    ["in the midst of a reply", {}],
  ] as const) {
    it(`is left at once after an abort: ${when}`, async () => {
      await start(options);
      setVariables({ HTTPS_PROXY: `http://${proxy.address}` });
      trial.emulator.faults.inject({ bodyDelayMs: 60_000 });
      const controller = new AbortController();
      const asked = trial.get(config, controller.signal).catch((error: unknown) => error);
      while (proxy.asked.length === 0 || (trial.emulator.requests.length === 0 && when.includes("midst")))
        await delay(10);
      const begin = performance.now();
      controller.abort(REASON);
      expect(await asked).to.equal(REASON);
      await isLeft();
      expect(performance.now() - begin).to.be.below(7000);
    });
  }

  it("that is not there is reported with its problem", async () => {
    await start();
    setVariables({ HTTPS_PROXY: "http://127.0.0.1:1" });
    const error = await trial.failure({ ...config, retries: 0 });
    expect(error.message).to.match(/nothing listens there \(ECONNREFUSED\)/);
  });

  for (const value of ["localhost", "*", ".localhost, localhost", "example.com,localhost"]) {
    it(`is left out for what NO_PROXY names: ${value}`, async () => {
      await start();
      setVariables({ HTTPS_PROXY: `http://${proxy.address}`, NO_PROXY: value });
      await trial.get(config);
      expect(proxy.asked).to.deep.equal([]);
      expect(trial.emulator.counts.exchanges).to.equal(1);
    });
  }

  it("is not left out for what NO_PROXY does not name", async () => {
    await start();
    setVariables({ HTTPS_PROXY: `http://${proxy.address}`, NO_PROXY: "notlocalhost,host" });
    await trial.get(config);
    expect(proxy.asked).to.deep.equal([target()]);
  });

  it("never gets a request to the metadata service, nor any that has no TLS", async () => {
    await start();
    const address = `http://${proxy.address}`;
    setVariables({ HTTPS_PROXY: address, HTTP_PROXY: address, ALL_PROXY: address, http_proxy: address });
    const result = await trial.get({ serviceAccountKey: undefined, resolvers: ["instanceMetadata"] });
    expect(result.resolver).to.equal("instanceMetadata");
    const plain = await startTrial();
    await plain.get();
    // Not even one that could not be used.
    setVariables({ HTTPS_PROXY: "socks5://127.0.0.1:1" });
    await plain.get({ cache: "none" });
    await plain.close();
    expect(proxy.asked).to.deep.equal([]);
  });

  it("is not gone through for an agent of the whole program, as NODE_USE_ENV_PROXY makes one of Node's own", async () => {
    await start();
    const before = { http: http.globalAgent, https: https.globalAgent };
    const [host, port] = proxy.address.split(":");
    const createConnection = () => connect(Number(port), host);
    http.globalAgent = Object.assign(new http.Agent(), { createConnection });
    https.globalAgent = Object.assign(new https.Agent(), { createConnection });
    try {
      await trial.get(config);
      await trial.get({ serviceAccountKey: undefined, resolvers: ["instanceMetadata"] });
    } finally {
      Object.assign(http, { globalAgent: before.http });
      Object.assign(https, { globalAgent: before.https });
    }
    expect(proxy.openSockets()).to.equal(0);
    expect(proxy.asked).to.deep.equal([]);
  });

  for (const value of [
    "socks5://127.0.0.1:1080",
    "http://",
    "http://user:hidden-word@:1",
    "http://user:50%hidden-word@127.0.0.1:1",
  ]) {
    it(`must be one that can be used; its address is not echoed: ${value}`, async () => {
      await start();
      setVariables({ HTTPS_PROXY: value });
      const error = await trial.failure(config);
      expect(error.code).to.equal("ERR_YCIAM_OPTION");
      expect(error.message).to.match(/^HTTPS_PROXY is not the address of a proxy.*http:\/\/host:port/);
      expect(error.message).not.to.include("hidden-word");
    });
  }
});
