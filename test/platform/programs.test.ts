import { expect } from "chai";
import { runProgram } from "../../provider/platform/programs";

describe("platform/programs", () => {
  const limits = () => ({ signal: new AbortController().signal, timeoutMs: 20_000 });
  const run = (script: string, more = {}, ...words: string[]) =>
    runProgram([process.execPath, "-e", script, "--", ...words], { ...limits(), ...more });
  const PRINT = (what: string) => `console.log(JSON.stringify(${what}))`;

  it("gives exit code and output, with standard input empty", async () => {
    const script = `process.stdin.on("data", () => 0).on("end", () => { console.log("out"); console.error("err"); process.exitCode = 3; })`;
    const { code, stdout, stderr } = await run(script);
    expect([code, stdout.reveal(), stderr, String(stdout)]).to.deep.equal([3, "out\n", "err\n", "[secret]"]);
  });

  it("uses no shell: what a shell would read as its own is passed on as it is", async () => {
    const words = ["$HOME", "a b", "; echo hacked", "*", "`id`", ""];
    const { stdout } = await run(PRINT("process.argv.slice(1)"), {}, ...words);
    expect(JSON.parse(stdout.reveal())).to.deep.equal(words);
  });

  it("gives the program the environment it is told to, and nothing else", async () => {
    const { stdout } = await run(PRINT("process.env"), { env: { ONLY: "this" } });
    expect(JSON.parse(stdout.reveal())).to.deep.equal({ ONLY: "this" });
  });

  it("tells that a program is not there", async () => {
    const error: unknown = await runProgram(["/no/such/program"], limits()).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "ENOENT");
  });

  it("kills a program at the time limit, though it ignores being asked to end", async () => {
    const script = `process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)`;
    expect((await run(script, { timeoutMs: 700 })).code).to.equal(null);
  });

  it("kills a program when the call is aborted, and ends with the abort's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 200);
    const running = run("setInterval(() => 0, 1000)", { signal: controller.signal });
    expect(await running.catch((error: unknown) => error)).to.equal(reason);
  });
});
