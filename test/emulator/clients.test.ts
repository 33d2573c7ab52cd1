import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect } from "chai";
import { type Emulator, runEmulatorCommand } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import { type EngineGroup } from "../engines/bootstrap";
import { bareEnvironment, engineFolders } from "../support/engine-env";
import { folderForEach } from "../support/folders";
import { exportsIn, fingerprint, useEmulator } from "./client";

const PROGRAMS = join(__dirname, "../engines/yandexclients");
const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
const HOURS_13 = 13 * 3600;

/** What a client said of one line. */
interface Said {
  readonly result?: string;
  readonly code?: number | string;
  readonly message?: string;
  readonly requestId?: string;
}

/** One of Yandex's own clients, unmodified, in a small program that does what it is told. */
interface Client {
  readonly group: EngineGroup;
  readonly argv: (folder: string) => readonly string[];
  /** How it is led to the emulator. */
  readonly env: (emulator: Emulator, folder: string) => Record<string, string>;
  readonly userAgent: RegExp;
  /** The audience of its assertions. */
  readonly aud: (emulator: Emulator) => unknown;
  /** Whether it goes by the discovery. */
  readonly discovers: boolean;
  /** Its clock can be moved; else its token is made to live two seconds. */
  readonly hasClock: boolean;
  /** Whether it knows YC_METADATA_ADDR. */
  readonly metadata: boolean;
  /** What `impersonate` prints: the token made, or the cloud that the token opened. */
  readonly impersonated: "token" | "cloud";
  /** Whether it does without TLS, which the others insist on. */
  readonly plaintext?: boolean;
}

const endpoint = ({ grpcAddress }: Emulator) => ({ YC_ENDPOINT: String(grpcAddress) });
const GO = {
  group: "gosdk",
  env: endpoint,
  aud: () => [AUDIENCE],
  discovers: true,
  hasClock: false,
  metadata: true,
} as const;

const CLIENTS: Readonly<Record<string, Client>> = {
  "go-sdk": {
    ...GO,
    argv: (bin) => [join(bin, "gosdk1")],
    userAgent: /go-sdk\/.* grpc-go/,
    impersonated: "cloud",
  },
  "go-sdk without TLS": {
    ...GO,
    argv: (bin) => [join(bin, "gosdk1")],
    env: (emulator) => ({ ...endpoint(emulator), YC_PLAINTEXT: "true" }),
    userAgent: /go-sdk\/.* grpc-go/,
    impersonated: "cloud",
    plaintext: true,
  },
  "go-sdk/v2": {
    ...GO,
    argv: (bin) => [join(bin, "gosdk2")],
    userAgent: /grpc-go/,
    impersonated: "token",
  },
  "the Python SDK": {
    group: "pysdk",
    argv: (bin) => [join(bin, "python"), join(PROGRAMS, "python/client.py")],
    env: endpoint,
    userAgent: /yandex-cloud-python-sdk/,
    aud: ({ grpcAddress }) => `https://iam.${grpcAddress}/iam/v1/tokens`,
    discovers: true,
    hasClock: true,
    metadata: true,
    impersonated: "token",
  },
  "the Node SDK": {
    group: "npm",
    argv: () => [process.execPath, join(PROGRAMS, "node/client.js")],
    // It knows one address of IAM alone.
    env: ({ metadataAddress }, folder) => ({ NODE_SDK: folder, grpc_proxy: `http://${metadataAddress}` }),
    userAgent: /grpc-node-js/,
    aud: () => AUDIENCE,
    discovers: false,
    hasClock: true,
    metadata: false,
    impersonated: "token",
  },
};

const { pem, privateKey } = createCertificate(Date.now(), [
  "localhost",
  "127.0.0.1",
  "*.api.cloud.yandex.net",
]);

for (const [name, client] of Object.entries(CLIENTS)) {
  describe(`emulator: ${name}`, () => {
    const bench = useEmulator({
      grpc: true,
      recordBodies: true,
      ...(client.plaintext !== true && { tls: { key: privateKey, cert: pem } }),
    });
    const home = folderForEach();
    let folder = "";
    const running: ChildProcessByStdio<Writable, Readable, null>[] = [];

    before(async function () {
      const folders = await engineFolders(client.group);
      if (folders === undefined) this.skip();
      [folder = ""] = folders;
    });
    afterEach(() => running.splice(0).forEach((child) => child.kill("SIGKILL")));

    /** Starts the client; it answers one line at a time. */
    function start(env: Record<string, string>): (line: string) => Promise<Said> {
      const authority = join(home.path, "authority.pem");
      writeFileSync(authority, pem);
      const trust = { SSL_CERT_FILE: authority, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: authority };
      const [program = "", ...args] = client.argv(folder);
      const all = { ...bareEnvironment(home.path), ...trust, ...client.env(bench.emulator, folder), ...env };
      const child = spawn(program, args, { env: all, stdio: ["pipe", "pipe", "inherit"] });
      running.push(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return async (line) => {
        child.stdin.write(`${line}\n`);
        const { value } = (await lines.next()) as { value?: string };
        return JSON.parse(value ?? "{}") as Said;
      };
    }

    function startWithKey(): (line: string) => Promise<Said> {
      const file = join(home.path, "key.json");
      writeFileSync(file, JSON.stringify(bench.key));
      return start({ YC_SERVICE_ACCOUNT_KEY_FILE: file });
    }

    const seen = () => bench.emulator.requests.map(({ route }) => route);

    it("gets a token by what IAM asks for, and calls twice with it", async () => {
      const ask = startWithKey();
      for (const result of ["demo-cloud", "demo-cloud"])
        expect(await ask("clouds")).to.deep.equal({ result });
      const discovery = client.discovers ? ["endpoints"] : [];
      expect(seen()).to.deep.equal([...discovery, "tokens", "clouds", "clouds"]);
      const [created, listed] = bench.emulator.requests.slice(discovery.length);
      const { jwt } = JSON.parse(created?.body ?? "") as { jwt: string };
      expect(decodeProtectedHeader(jwt)).to.deep.equal({ alg: "PS256", kid: bench.key.id, typ: "JWT" });
      const { iat = 0, exp, ...claims } = decodeJwt(jwt);
      const iss = bench.key.service_account_id;
      expect({ ...claims, life: Number(exp) - iat }).to.deep.equal({
        iss,
        aud: client.aud(bench.emulator),
        life: 3600,
      });
      expect([created?.authorization, listed?.authorization]).to.deep.equal([undefined, "Bearer"]);
      expect(created?.userAgent).to.match(client.userAgent);
    });

    it("renews it when it has run out", async () => {
      const { emulator } = bench;
      if (!client.hasClock) emulator.faults.inject({ route: "tokens", shortLifeMs: 2000 });
      const ask = startWithKey();
      expect(await ask("clouds")).to.deep.equal({ result: "demo-cloud" });
      const [first] = emulator.issuedTokens.slice(-1);
      if (client.hasClock) {
        emulator.clockOffsetMs = HOURS_13 * 1000;
        await ask(`clock ${HOURS_13}`);
      } else await sleep(Number(first?.expiresAt) - Date.now() + 1);
      expect(await ask("clouds")).to.deep.equal({ result: "demo-cloud" });
      expect(emulator.counts.tokens).to.equal(2);
      expect(first?.expiresAt).to.be.below(emulator.now());
    });

    it("acts as another account where it may, and hears where it may not", async () => {
      const { emulator, key } = bench;
      const { id } = emulator.addServiceAccount();
      const ask = startWithKey();
      expect((await ask(`impersonate ${id}`)).message).to.include("Permission denied");
      emulator.grantTokenCreator(key.service_account_id, id);
      const { result } = await ask(`impersonate ${id}`);
      const made = emulator.issuedTokens.at(-1);
      expect(made?.subjectId).to.equal(id);
      const printed = { token: fingerprint(made?.token ?? ""), cloud: "demo-cloud" };
      expect(result).to.equal(printed[client.impersonated]);
    });

    it("takes a token back, which then opens nothing", async () => {
      const ask = startWithKey();
      await ask("clouds");
      expect(await ask("revoke")).to.deep.equal({ result: bench.key.service_account_id });
      const { code, message, requestId } = await ask("clouds");
      expect(code).to.equal(16);
      expect(message).to.match(/The token is invalid$/);
      expect(requestId).to.equal(bench.emulator.requests.at(-1)?.requestId);
    });

    it("says what IAM says when a key is refused", async () => {
      const stranger = await bench.emulator.createKey();
      bench.emulator.deleteKey(stranger.id);
      const file = join(home.path, "deleted.json");
      writeFileSync(file, JSON.stringify(stranger));
      const { message } = await start({ YC_SERVICE_ACCOUNT_KEY_FILE: file })("token");
      expect(message).to.include("The key of the JWT is not found");
    });

    if (client.plaintext !== true)
      it("needs no more than what `yciam emulator` prints", async () => {
        const [stdout, stop] = [new PassThrough(), new AbortController()];
        const io = { stdout, stderr: new PassThrough(), signal: stop.signal };
        const files = ["--key-file", join(home.path, "k.json"), "--ca-file", join(home.path, "ca.pem")];
        const served = runEmulatorCommand(files, io);
        const [printed] = (await once(stdout, "data")) as [Buffer];
        const ask = start({ grpc_proxy: "", ...exportsIn(printed.toString()) });
        expect(await ask("clouds")).to.deep.equal({ result: "demo-cloud" });
        stop.abort();
        expect([await served, seen()]).to.deep.equal([0, []]);
      });

    if (client.metadata)
      it("gets the token of the machine from YC_METADATA_ADDR", async () => {
        const { emulator } = bench;
        const ask = start({ YC_METADATA_ADDR: emulator.metadataAddress });
        expect(await ask("clouds")).to.deep.equal({ result: "demo-cloud" });
        expect(seen()).to.deep.equal(["endpoints", "metadata", "clouds"]);
        expect(emulator.issuedTokens.at(-1)?.subjectId).to.equal(emulator.metadata.serviceAccountId);
      });
  });
}
