import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFiles } from "../../provider/platform/files";
import { testContext } from "../support/context";

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), "yciam-system-"))));
after(() => rmSync(folder, { recursive: true }));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: unknown }) => error.code,
  );

describe("platform/system, files", () => {
  const read = (path: string) => createFiles(folder).read(path);

  it("reads a file by its path, or from the home folder", async () => {
    mkdirSync(join(folder, "~odd"));
    writeFileSync(join(folder, "a.txt"), "ключ");
    writeFileSync(join(folder, "~odd/b.txt"), "b");
    expect(await read(join(folder, "a.txt"))).to.equal("ключ");
    expect(await read("~/a.txt")).to.equal("ключ");
    expect(await read(join(folder, "~odd/b.txt"))).to.equal("b");
  });

  it("leaves a byte order mark out", async () => {
    writeFileSync(join(folder, "bom.json"), "\uFEFF{}");
    expect(await read("~/bom.json")).to.equal("{}");
  });

  it("reads what another program pipes in", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reading = read(pipe);
    spawnSync("sh", ["-c", `printf '{"id":1}' > "$0"`, pipe]);
    expect(await reading).to.equal('{"id":1}');
  });

  it("waits for the writer of a pipe until the time is up or the caller ends it, and leaves no reader behind", async () => {
    const pipe = join(folder, "lonely");
    execFileSync("mkfifo", [pipe]);
    const files = createFiles(folder);
    expect(await codeOf(files.read(pipe, { timeoutMs: 50 }))).to.equal("ETIMEDOUT");
    const controller = new AbortController();
    const reading = files.read(pipe, { timeoutMs: 600_000, signal: controller.signal });
    controller.abort(new Error("enough"));
    expect(await reading.catch((error: Error) => error.message)).to.equal("enough");
    const next = read(pipe);
    spawnSync("sh", ["-c", `printf late > "$0"`, pipe]);
    expect(await next).to.equal("late");
  });

  it("tells what is wrong by Node's own codes", async () => {
    expect(await codeOf(read("~/none"))).to.equal("ENOENT");
    expect(await codeOf(read("~/a.txt/none"))).to.equal("ENOTDIR");
    expect(await codeOf(read("~"))).to.equal("EISDIR");
  });

  it("reads one MiB and no more, of a device without an end too", async () => {
    writeFileSync(join(folder, "full"), "x".repeat(1024 * 1024));
    writeFileSync(join(folder, "over"), "x".repeat(1024 * 1024 + 1));
    expect(await read("~/full")).to.have.length(1024 * 1024);
    expect(await codeOf(read("~/over"))).to.equal("EFBIG");
    expect(await codeOf(read("/dev/zero"))).to.equal("EFBIG");
  });
});

describe("platform/system, programs", () => {
  const run = (
    script: string,
    more: { signal?: AbortSignal; timeoutMs?: number; env?: Record<string, string> } = {},
  ) =>
    testContext().exec([process.execPath, "-e", script], {
      signal: new AbortController().signal,
      timeoutMs: 20_000,
      ...more,
    });

  it("gives exit code and output, with standard input empty", async () => {
    const script = `process.stdin.on("data", () => 0).on("end", () => { console.log("out"); console.error("err"); process.exitCode = 3; })`;
    const { code, stdout, stderr } = await run(script);
    expect([code, stdout.reveal(), stderr, String(stdout)]).to.deep.equal([3, "out\n", "err\n", "[secret]"]);
  });

  it("uses no shell: what a shell would read as its own is passed on as it is", async () => {
    const words = ["$HOME", "a b", "; echo hacked", "*", "`id`", ""];
    const signal = new AbortController().signal;
    const argv = [process.execPath, "-p", "JSON.stringify(process.argv.slice(1))", "--", ...words] as const;
    const { stdout } = await testContext().exec(argv, { signal, timeoutMs: 20_000 });
    expect(JSON.parse(stdout.reveal())).to.deep.equal(words);
  });

  it("gives the program the environment it is told to, and nothing else", async () => {
    const { stdout } = await run("console.log(JSON.stringify(process.env))", { env: { ONLY: "this" } });
    expect(JSON.parse(stdout.reveal())).to.deep.equal({ ONLY: "this" });
  });

  it("tells that a program is not there", async () => {
    const signal = new AbortController().signal;
    expect(await codeOf(testContext().exec(["/no/such/program"], { signal, timeoutMs: 1000 }))).to.equal(
      "ENOENT",
    );
  });

  it("kills a program at the time limit, though it ignores being asked to end", async () => {
    const start = performance.now();
    const { code } = await run(`process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)`, {
      timeoutMs: 700,
    });
    expect(code).to.equal(null);
    expect(performance.now() - start).to.be.below(3000);
  });

  it("kills a program when the call is aborted, and ends with the abort's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 200);
    const end: unknown = await run("setInterval(() => 0, 1000)", { signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    expect(end).to.equal(reason);
  });
});

describe("platform/system, the context", () => {
  it("has a memory and a log of its own, and no store when told so", () => {
    const [one, two] = [testContext(), testContext()];
    expect(one.memory).to.not.equal(two.memory);
    expect(one.store).to.equal(undefined);
    expect(one.spelling("serviceAccountKey.file")).to.equal("serviceAccountKey.file");
  });
});
