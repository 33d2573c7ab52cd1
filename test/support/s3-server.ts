import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { IssuedAccessKey } from "../../emulator";
import { bareEnvironment } from "./engine-env";

const PROGRAM = join(__dirname, "../engines/s3/server.py");

/** A real S3 server, which checks the signature and the session token of each request. */
export class S3Server {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
    /** Where it listens. */
    readonly url: string,
  ) {}

  /**
   * Starts it, with one bucket.
   * @param folders of the engine `s3`
   */
  static async start(bucket: string, folders: readonly string[]): Promise<S3Server> {
    const env = { ...bareEnvironment("/nonexistent", folders), TMPDIR: process.env["TMPDIR"] ?? "/tmp" };
    const child = spawn("python", [PROGRAM, bucket], { env, stdio: "pipe" });
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error(`the S3 server does not start: ${told}`);
    return new S3Server(child, lines, `http://127.0.0.1:${first.value}`);
  }

  /** Makes a key known: no other one is taken. */
  readonly learn = async (key: IssuedAccessKey): Promise<void> => {
    this.child.stdin.write(`${JSON.stringify(key)}\n`);
    await this.lines.next();
  };

  /** Ends it; all that it stored is gone. */
  async stop(): Promise<void> {
    this.child.stdin.end();
    await once(this.child, "exit");
  }
}
