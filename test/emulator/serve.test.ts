import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type KeyFile } from "../../emulator";
import { runEmulatorCommand } from "../../emulator/serve";
import { call } from "./client";

const ROOT = resolve(__dirname, "../..");
const SCRIPT = `require("./emulator/serve").runEmulatorCommand(process.argv.slice(1), process).then((code) => {
  process.exitCode = code;
});`;

/** Collects what is written, and tells when the first line has come. */
function collector(): { text: string; write(text: string): void; first: Promise<void> } {
  let arrived = (): void => undefined;
  const first = new Promise<void>((done) => (arrived = done));
  const sink = {
    text: "",
    first,
    write: (text: string): void => {
      sink.text += text;
      arrived();
    },
  };
  return sink;
}

function exportsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

describe("emulator: the command", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "yciam-emulator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("serves until Ctrl-C, and takes its key away", async () => {
    const keyFile = join(folder, "key.json");
    const args = ["-r", "ts-node/register", "-e", SCRIPT, "--", "--key-file", keyFile];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    try {
      const [output] = (await once(child.stdout, "data")) as [Buffer];
      const variables = exportsIn(output.toString());
      expect(Object.keys(variables)).to.deep.equal([
        "YC_ENDPOINT",
        "YCIAM_IAM_ENDPOINT",
        "YCIAM_AUTH_ENDPOINT",
        "YC_METADATA_ADDR",
        "YC_SERVICE_ACCOUNT_KEY_FILE",
      ]);
      expect(variables["YC_SERVICE_ACCOUNT_KEY_FILE"]).to.equal(keyFile);
      expect(statSync(keyFile).mode & 0o777).to.equal(0o600);
      expect((JSON.parse(readFileSync(keyFile, "utf8")) as KeyFile).private_key).to.include("PRIVATE KEY");
      expect((await call(`${variables["YC_ENDPOINT"]}/endpoints`)).status).to.equal(200);
      child.kill("SIGINT");
      expect(await once(child, "exit")).to.deep.equal([0, null]);
      expect(existsSync(keyFile)).to.equal(false);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("stops by a signal of its caller and leaves no listener on the process", async () => {
    const before = process.listenerCount("SIGINT");
    const [stdout, stderr, stop] = [collector(), collector(), new AbortController()];
    const run = runEmulatorCommand(["--port", "0"], { stdout, stderr, signal: stop.signal });
    await stdout.first;
    expect(exportsIn(stdout.text)).to.not.have.property("YC_SERVICE_ACCOUNT_KEY_FILE");
    stop.abort();
    expect(await run).to.equal(0);
    expect(process.listenerCount("SIGINT")).to.equal(before);
    expect(stderr.text).to.equal("The emulator runs until Ctrl-C.\n");
  });

  it("never overwrites a file", async () => {
    const keyFile = join(folder, "mine.json");
    writeFileSync(keyFile, "mine");
    const [stdout, stderr] = [collector(), collector()];
    expect(await runEmulatorCommand(["--key-file", keyFile], { stdout, stderr })).to.equal(1);
    expect(stderr.text).to.include(`cannot write the key to ${keyFile}: a file of this name exists`);
    expect(readFileSync(keyFile, "utf8")).to.equal("mine");
    expect(stdout.text).to.equal("");
  });

  it("says why a key cannot be written", async () => {
    const [stdout, stderr] = [collector(), collector()];
    const keyFile = join(folder, "none", "key.json");
    expect(await runEmulatorCommand(["--key-file", keyFile], { stdout, stderr })).to.equal(1);
    expect(stderr.text).to.include("ENOENT");
  });

  it("refuses arguments it does not know", async () => {
    for (const argv of [
      ["--host", "0.0.0.0"],
      ["extra"],
      ["--port", "x"],
      ["--port", ""],
      ["--port", "70000"],
      ["--key-file", ""],
    ]) {
      const [stdout, stderr] = [collector(), collector()];
      expect(await runEmulatorCommand(argv, { stdout, stderr })).to.equal(2);
      expect(stderr.text).to.match(/^yciam emulator: /);
    }
  });

  it("shows its help", async () => {
    const [stdout, stderr] = [collector(), collector()];
    expect(await runEmulatorCommand(["--help"], { stdout, stderr })).to.equal(0);
    expect(stdout.text).to.include("Usage: yciam emulator");
  });

  it("quotes a path for the shell", async () => {
    const keyFile = join(folder, "it's.json");
    const [stdout, stderr, stop] = [collector(), collector(), new AbortController()];
    const run = runEmulatorCommand(["--key-file", keyFile], { stdout, stderr, signal: stop.signal });
    await stdout.first;
    stop.abort();
    await run;
    const child = spawn("sh", ["-c", `${stdout.text}\nprintf %s "$YC_SERVICE_ACCOUNT_KEY_FILE"`]);
    const [output] = (await once(child.stdout, "data")) as [Buffer];
    expect(output.toString()).to.equal(keyFile);
  });
});
