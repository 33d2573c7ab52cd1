import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFiles } from "../../provider/platform/files";
import { folderForEach } from "../support/folders";

const MIB = 1024 * 1024;

describe("platform/files", () => {
  const folder = folderForEach();
  let files: ReturnType<typeof createFiles>;
  beforeEach(() => (files = createFiles(folder.path)));
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  /** What is read, or the code of the error. */
  const read = (path: string, limits = {}) =>
    files.read(path, limits).catch((error: { code?: unknown }) => error.code ?? error);
  const makePipe = () => {
    const path = join(folder.path, "pipe");
    execFileSync("mkfifo", [path]);
    return path;
  };
  /** Writes to a pipe that somebody has begun to read. */
  const feed = async (path: string, text: string) => {
    await new Promise(setImmediate);
    spawnSync("sh", ["-c", `printf %s '${text}' > "$0"`, path], { timeout: 10_000 });
  };

  it("reads a file by its path, or from the home folder; leaves a byte order mark out", async () => {
    mkdirSync(join(folder.path, "~odd"));
    write("a.txt", "\uFEFFключ");
    write("~odd/b.txt", "b");
    for (const path of [join(folder.path, "a.txt"), "~/a.txt"]) expect(await read(path)).to.equal("ключ");
    expect(await read(join(folder.path, "~odd/b.txt"))).to.equal("b");
    const odd = join(folder.path, "$&");
    mkdirSync(odd);
    write("$&/c", "c");
    expect(await createFiles(odd).read("~/c")).to.equal("c");
    write("a.txt", "");
    expect(await read("~/a.txt")).to.equal("");
    expect(await read("/proc/self/cmdline")).to.equal(readFileSync("/proc/self/cmdline", "utf8"));
  });

  it("sees a plain file change, by its time, its size, or another in its place", () => {
    const file = join(folder.path, "a");
    const changes = [
      () => (write("a", "1"), utimesSync(file, 1, 1)),
      () => (write("a", "22"), utimesSync(file, 1, 1)),
      () => utimesSync(file, 2, 2),
      () => (
        copyFileSync(file, `${file}.new`),
        utimesSync(`${file}.new`, 2, 2),
        renameSync(`${file}.new`, file)
      ),
    ];
    const versions = changes.map((change) => (change(), files.version("~/a")));
    expect(new Set(versions).size).to.equal(4);
    expect(files.version(file)).to.equal(versions[3]);
    const others = ["~", "~/none", "~/a/b", makePipe(), "/dev/zero", "\0"];
    expect(others.map((path) => files.version(path))).to.deep.equal(others.map(() => undefined));
  });

  it("tells what is wrong by Node's own codes", async () => {
    write("a.txt", "a");
    const codes = [await read("~/none"), await read("~/a.txt/none"), await read("~")];
    expect(codes).to.deep.equal(["ENOENT", "ENOTDIR", "EISDIR"]);
  });

  it("reads one MiB and no more, of a device without an end too", async () => {
    write("full", "x".repeat(MIB));
    write("over", "x".repeat(MIB + 1));
    expect(await read("~/full")).to.have.length(MIB);
    for (const path of ["~/over", "/dev/zero"]) expect(await read(path)).to.equal("EFBIG");
  });

  it("E9: reads what another program pipes in once, and remembers it", async () => {
    const pipe = makePipe();
    const readers = [read(pipe), read("~/pipe"), read(pipe)];
    await feed(pipe, '{"id":1}');
    const texts = [...(await Promise.all(readers)), await read(pipe)];
    expect(texts).to.deep.equal(Array(4).fill('{"id":1}'));
  });

  it("E9: reads <(...) of a shell twice in one process", () => {
    const script = `const { createFiles } = require("./provider/platform/files");
      const files = createFiles("/");
      const read = () => files.read(process.argv[1]);
      read().then(async (text) => console.log(text + await read() + await read()));`;
    const command = `exec "$0" -r ts-node/register/transpile-only -e '${script}' <(printf key)`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command, process.execPath], { encoding: "utf8" });
    expect(stdout, stderr).to.equal("keykeykey\n");
  });

  it("waits for the writer of a pipe until the time is up or the caller ends it, and leaves no reader behind", async () => {
    const pipe = makePipe();
    expect(await read(pipe, { timeoutMs: 50 })).to.equal("ETIMEDOUT");
    const controller = new AbortController();
    const reason = new Error("enough");
    const first = read(pipe, { timeoutMs: 600_000, signal: controller.signal });
    const waiting = [read(pipe, { timeoutMs: 50 }), read(pipe, { signal: controller.signal }), read(pipe)];
    expect(await waiting[0]).to.equal("ETIMEDOUT");
    controller.abort(reason);
    expect([await first, await waiting[1]]).to.deep.equal([reason, reason]);
    await feed(pipe, "late");
    expect(await waiting[2]).to.equal("late");
    expect(await read(pipe, { signal: AbortSignal.abort(reason) })).to.equal(reason);
  });
});
