import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { type KeyFile } from "../../emulator";
import { runEmulatorCommand } from "../../emulator/serve";
import { folderForEach } from "../support/folders";
import { call, exportsIn } from "./client";

const ROOT = resolve(__dirname, "../..");
const SCRIPT = `require("./emulator/serve").runEmulatorCommand(process.argv.slice(1), process).then(process.exit)`;

/** Runs the command, and stops it once the first output has come. */
async function run(argv: string[]) {
  const [stdout, stderr, stop] = [new PassThrough(), new PassThrough(), new AbortController()];
  stdout.once("readable", () => stop.abort());
  const code = await runEmulatorCommand(argv, { stdout, stderr, signal: stop.signal });
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

describe("emulator: the command", () => {
  const folder = folderForEach();

  it("serves until Ctrl-C with variables for a shell, and takes its key away", async () => {
    const keyFile = join(folder.path, "it's a key.json");
    const args = ["-r", "ts-node/register", "-e", SCRIPT, "--", "--key-file", keyFile];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    try {
      const [output] = (await once(child.stdout, "data")) as [Buffer];
      const variables = exportsIn(output.toString());
      const address = variables["YC_ENDPOINT"] ?? "";
      expect(variables).to.deep.equal({
        YC_ENDPOINT: address,
        YCIAM_IAM_ENDPOINT: address,
        YCIAM_AUTH_ENDPOINT: address,
        YC_METADATA_ADDR: new URL(address).host,
        YC_SERVICE_ACCOUNT_KEY_FILE: keyFile,
      });
      expect(statSync(keyFile).mode & 0o777).to.equal(0o600);
      expect((JSON.parse(readFileSync(keyFile, "utf8")) as KeyFile).private_key).to.include("PRIVATE KEY");
      expect((await call(`${address}/endpoints`)).status).to.equal(200);
      child.kill("SIGINT");
      expect(await once(child, "exit")).to.deep.equal([0, null]);
      expect(existsSync(keyFile)).to.equal(false);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("speaks TLS with a certificate that a new file makes trusted, and names its address as the real one is", async () => {
    const caFile = join(folder.path, "ca.pem");
    const { code, stdout } = await run(["--ca-file", caFile]);
    const variables = exportsIn(stdout);
    const { YC_ENDPOINT = "", YC_METADATA_ADDR } = variables;
    expect([code, variables["YCIAM_IAM_ENDPOINT"]]).to.deep.equal([0, `https://${YC_ENDPOINT}`]);
    for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"])
      expect(variables[name]).to.equal(caFile);
    expect(variables["grpc_proxy"]).to.equal(`http://${YC_METADATA_ADDR}`);
    expect(existsSync(caFile)).to.equal(false);
  });

  it("stops by a signal of its caller and leaves no listener on the process", async () => {
    const before = process.listenerCount("SIGINT");
    const { code, stdout, stderr } = await run(["--port", "0"]);
    expect([code, stderr]).to.deep.equal([0, "The emulator runs until Ctrl-C.\n"]);
    expect(exportsIn(stdout)).to.not.have.property("YC_SERVICE_ACCOUNT_KEY_FILE");
    expect(process.listenerCount("SIGINT")).to.equal(before);
  });

  it("never overwrites a file, and says why a key cannot be written", async () => {
    const keyFile = join(folder.path, "mine.json");
    writeFileSync(keyFile, "mine");
    const { code, stdout, stderr } = await run(["--key-file", keyFile]);
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.include(`cannot write the key to ${keyFile}: a file of this name exists`);
    expect(readFileSync(keyFile, "utf8")).to.equal("mine");
    const first = join(folder.path, "key.json");
    const nowhere = await run(["--key-file", first, "--ca-file", join(folder.path, "none", "ca.pem")]);
    expect([nowhere.code, nowhere.stderr.includes("ENOENT"), existsSync(first)]).to.deep.equal([
      1,
      true,
      false,
    ]);
  });

  const wrong = [
    "--host 0.0.0.0",
    "extra",
    "--port x",
    "--port=",
    "--port 70000",
    "--key-file=",
    "--ca-file=",
  ];
  for (const argv of [...wrong, "--help"]) {
    it(`refuses arguments it does not know, and shows its help: ${argv}`, async () => {
      const { code, stdout, stderr } = await run(argv.split(" "));
      const said = argv === "--help" ? /^0Usage: yciam emulator/ : /^2yciam emulator: /;
      expect(`${code}${stdout}${stderr}`).to.match(said);
    });
  }
});
