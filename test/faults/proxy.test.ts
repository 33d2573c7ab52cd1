import { expect } from "chai";
import { writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createCertificate } from "../../provider/tls/certificate";
import { type ConnectProxy, type ProxyOptions, startConnectProxy } from "../support/connect-proxy";
import { folderForEach } from "../support/folders";
import { tokenProcess } from "../support/children";
import { ownVariables } from "../support/variables";
import { startTrial, type Trial } from "./iam";

const { pem: cert, privateKey: key } = createCertificate(Date.now());
const NAMES = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED"];
const SOCKS = "socks5://127.0.0.1:1";

describe("faults: a proxy", () => {
  const folder = folderForEach();
  const setVariables = ownVariables(...NAMES, ...NAMES.map((name) => name.toLowerCase()));
  let trial: Trial;
  let proxy: ConnectProxy;
  let config: { iamEndpoint: string; caFile: string };

  /** Starts a proxy that HTTPS_PROXY names, with what stands before and after its address. */
  const behind = async (options: ProxyOptions = {}, before = "http://", after = "") => {
    proxy = await startConnectProxy(options);
    setVariables({ HTTPS_PROXY: `${before}${proxy.address}${after}` });
  };
  beforeEach(async () => {
    trial = await startTrial({ tls: { cert, key }, ipv6: true });
    const caFile = join(folder.path, "authority.pem");
    writeFileSync(caFile, cert);
    config = { iamEndpoint: trial.emulator.iamEndpoint.replace("127.0.0.1", "localhost"), caFile };
  });
  afterEach(() => Promise.all([trial.close(), proxy.close()]));
  const target = () => new URL(config.iamEndpoint).host;
  const getThrough = async (asked: readonly string[] = [target()]) => {
    await trial.get(config);
    expect(proxy.asked).to.deep.equal(asked);
    expect(trial.emulator.counts.exchanges).to.equal(1);
  };

  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
    it(`is gone through when ${name} names it, with the credential under TLS of IAM's own`, async () => {
      await behind();
      setVariables({ HTTPS_PROXY: "", all_proxy: SOCKS, [name]: `http://${proxy.address}` });
      await getThrough();
      expect(proxy.seen()).not.to.match(/eyJ|iam\/v1|t1\./);
    });
  }

  it("may be named without a scheme, as other programs take it", async () => {
    await behind({ credentials: "user:word" }, " user:word@", " ");
    await getThrough();
  });

  it("may speak TLS itself, by an authority of caFile as IAM does", async () => {
    await behind({ tls: { cert, key }, credentials: "user:word" });
    setVariables({ HTTPS_PROXY: `https://user:word@${proxy.address.replace("127.0.0.1", "localhost")}` });
    await getThrough();
  });

  it("gets no password where it speaks TLS without a certificate that is trusted", async () => {
    await behind({ tls: { cert, key }, credentials: "user:word" }, "https://user:word@");
    setVariables({ NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    const error = await trial.failure({ ...config, retries: 0 });
    expect(error.message).to.match(
      /proxy would not connect: its certificate is another host's: .*HTTPS_PROXY/,
    );
    expect(proxy.asked).to.deep.equal([]);
  });

  it("E10: is asked for an IPv6 address in brackets, and may have one itself", async () => {
    await behind({ host: "::1" });
    const iamEndpoint = trial.emulator.urlIpv6 ?? "";
    const error = await trial.failure({ ...config, iamEndpoint, retries: 0 });
    expect(proxy.asked).to.deep.equal([new URL(iamEndpoint).host]);
    // The certificate is IAM's own, for localhost.
    expect(error.message).to.match(/failed: its certificate is another host's/);
  });

  it("gets its user and password, which nobody else sees", async () => {
    await behind({ credentials: "user:pa:ss w%rd" }, "http://user:pa%3Ass%20w%25rd@");
    await getThrough();
    expect(JSON.stringify(trial.emulator.requests)).not.to.match(/pa:ss|pa%3A|proxy-auth/i);
  });

  it("is told apart from IAM when it wants another password; neither is shown", async () => {
    await behind({ credentials: "user:right" }, "http://user:wrong-password@");
    const error = await trial.failure({ ...config, retries: 1 });
    expect(error.message).to.match(/the proxy would not connect \(HTTP 407\); it wants a user and a pass/);
    expect(`${error.stack}${JSON.stringify(trial.context.logs)}`).not.to.match(/wrong-password|d3Jvbmct/);
    expect(trial.emulator.requests).to.deep.equal([]);
  });

  /** All that a process of its own prints which gets a token through the proxy. */
  const printed = async (more: Record<string, string>) => {
    await behind({ credentials: "user:pass-that-hides" }, "http://user:pass-that-hides@");
    return tokenProcess(folder.path, {
      HTTPS_PROXY: process.env.HTTPS_PROXY,
      YCIAM_CA_FILE: config.caFile,
      YCIAM_IAM_ENDPOINT: config.iamEndpoint,
      YC_SERVICE_ACCOUNT_KEY_FILE: trial.key,
      ...more,
    });
  };
  const PASSWORD = /pass-that-hides|cGFzcy10aGF0LWhpZGVz|dXNlcjpwYXNz/;

  it("shows no password under DEBUG either, on any stream of a real process", async () => {
    const { stdout, stderr } = await printed({ DEBUG: "*" });
    expect(stdout).to.match(/^[0-9a-f]{12}\n$/);
    expect(`${stdout}${stderr}`).not.to.match(PASSWORD);
    expect(proxy.asked).to.deep.equal([target()]);
  });

  it("does not keep Node from printing headers under NODE_DEBUG, its password and a bearer; no key and no assertion", async () => {
    const YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID = trial.emulator.addServiceAccount().id;
    const NODE_DEBUG = "http,https,net,tls";
    const { stderr } = await printed({ NODE_DEBUG, YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID });
    const shown = [PASSWORD.test(stderr), stderr.includes(trial.emulator.issuedTokens[0]?.token ?? "")];
    // These two are the exceptions that SECURITY.md names. Bun knows no NODE_DEBUG, and prints neither.
    expect(shown).to.deep.equal(process.versions.bun === undefined ? [true, true] : [false, false]);
    const assertions = trial.emulator.requests.flatMap(({ body }) => /eyJ[-\w.]+/.exec(body ?? "") ?? []);
    expect(assertions).to.have.length(1);
    for (const secret of [...assertions, ...trial.secrets]) expect(stderr).not.to.include(secret);
  });

  for (const [refuse, asked] of Object.entries({ 403: 1, 503: 3 })) {
    it(`that answers ${refuse} is named as the one that did, after ${asked} attempts`, async () => {
      await behind({ refuse: Number(refuse) });
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
    await behind({ refuse: "silent" });
    const begin = performance.now();
    const { message } = await trial.failure({ ...config, timeout: "1s" });
    expect(message).to.match(/failed: no connection in time .*any proxy, or raise timeout/);
    await isLeft();
    // A proxy that is silent is given up after 10 s.
    expect(performance.now() - begin).to.be.below(7000);
  });

  for (const when of ["before the tunnel is there", "in the midst of a reply"]) {
    it(`is left at once after an abort: ${when}`, async () => {
      await behind(when.includes("midst") ? {} : { refuse: "silent" });
      trial.emulator.faults.inject({ bodyDelayMs: 60_000 });
      const controller = new AbortController();
      const asked = trial.get(config, controller.signal).catch((error: unknown) => error);
      while (proxy.asked.length === 0 || (trial.emulator.requests.length === 0 && when.includes("midst")))
        await delay(10);
      const begin = performance.now();
      controller.abort();
      expect(await asked).to.equal(controller.signal.reason);
      await isLeft();
      expect(performance.now() - begin).to.be.below(7000);
    });
  }

  it("that is not there is reported with its problem", async () => {
    await behind();
    setVariables({ HTTPS_PROXY: "http://127.0.0.1:1" });
    const error = await trial.failure({ ...config, retries: 0 });
    expect(error.message).to.match(
      /the proxy would not connect: nothing listens there .*; check HTTPS_PROXY/,
    );
  });

  for (const value of [
    "localhost",
    "*",
    ".localhost, localhost",
    "a.example,localhost",
    "notlocalhost,host",
  ]) {
    it(`is left out for what NO_PROXY names, and for nothing else: ${value}`, async () => {
      await behind();
      setVariables({ NO_PROXY: value });
      await getThrough(value === "notlocalhost,host" ? [target()] : []);
    });
  }

  for (const name of ["ALL_PROXY", "all_proxy"]) {
    it(`E10: that ${name} names for others, with a scheme that is not spoken here, is left alone`, async () => {
      await behind();
      setVariables({ HTTPS_PROXY: "", [name]: SOCKS });
      await getThrough([]);
    });
  }

  it("never gets a request to the metadata service, nor any that has no TLS", async () => {
    await behind();
    const address = `http://${proxy.address}`;
    setVariables({ HTTP_PROXY: address, ALL_PROXY: address, http_proxy: address });
    const result = await trial.get({ serviceAccountKey: undefined, resolvers: ["instanceMetadata"] });
    expect(result.resolver).to.equal("instanceMetadata");
    const plain = await startTrial();
    await plain.get();
    // Not even one that could not be used.
    setVariables({ HTTPS_PROXY: SOCKS });
    await plain.get({ cache: "none" });
    await plain.close();
    expect(proxy.asked).to.deep.equal([]);
  });

  it("is not gone through for an agent of the whole program, as NODE_USE_ENV_PROXY makes one of Node's own", async () => {
    proxy = await startConnectProxy();
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
    expect([proxy.openSockets(), proxy.asked]).to.deep.equal([0, []]);
  });

  for (const value of [SOCKS, "http://", "http://u:hidden-word@:1", "http://u:50%hidden-word@127.0.0.1:1"]) {
    it(`must be one that can be used; its address is not echoed: ${value}`, async () => {
      await behind();
      setVariables({ HTTPS_PROXY: value });
      const error = await trial.failure(config);
      const says = /^ERR_YCIAM_OPTION HTTPS_PROXY is not the address of a proxy.*http:\/\/host:port/;
      expect(`${error.code} ${error.message}`).to.match(says).and.not.include("hidden-word");
    });
  }
});
