import { takeLock } from "../../../provider/platform/process-lock";

/** Takes the lock whose path is given as an argument, says `ready`, waits for a line, gives it back, says `done`. */
async function main(path: string): Promise<void> {
  const release = await takeLock(path, { signal: new AbortController().signal, waitMs: 10_000 });
  console.log(release === undefined ? "none" : "ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  await release?.();
  console.log("done");
}

void main(process.argv[2] as string);
