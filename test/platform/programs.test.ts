import { expect } from "chai";
import { runProgram } from "../../provider/platform/programs";
import { RUNTIME_ENV } from "../support/programs";

describe("platform/programs", () => {
  const run = (script: string, more = {}) => {
    const { signal } = new AbortController();
    return runProgram([process.execPath, "-e", script], { signal, timeoutMs: 20_000, ...more });
  };

  it("gives exit code and output, with standard input empty", async () => {
    const script = `process.stdin.on("data", () => 0).on("end", () => { console.log("out"); console.error("err"); process.exitCode = 3; })`;
    const { code, stdout, stderr } = await run(script);
    expect([code, stdout.reveal(), stderr, String(stdout)]).to.deep.equal([3, "out\n", "err\n", "[secret]"]);
  });

  it("gives the program the environment it is told to, and nothing else", async () => {
    const env = { ONLY: "this", ...RUNTIME_ENV };
    const { stdout } = await run("console.log(JSON.stringify(process.env))", { env });
    expect(JSON.parse(stdout.reveal())).to.deep.equal(env);
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
