import { writeSync } from "node:fs";
import { VERSION } from "../core/words/version";
import { endAtDefects } from "../platform/defects";
import { EngineLog } from "./engine-log";
import { engineAddress, whenOwnerEnds } from "./lifetime";
import type * as Service from "./main-service";
import { serve } from "./server";

/**
 * Runs the plugin until its engine is gone; the port is the only thing ever written to standard output. A person who asks
 * for its version is told that alone.
 */
export async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--version")) return void process.stdout.write(`${VERSION}\n`);
  endAtDefects("pulumi-resource-yciam");
  const log = new EngineLog();
  const address = engineAddress(args);
  if (address !== undefined) log.attach(address);
  const running = await serve(
    (abortCalls) => {
      // `import()` of a file of our own would start Node's other loader.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return (require("./main-service") as typeof Service).createSystemMethods(log, abortCalls);
    },
    log,
    () => log.flush(),
  );
  whenOwnerEnds(address !== undefined, () => {
    void running.close().finally(() => process.exit(0));
  });
  // As a file: to make the stream `process.stdout` takes a millisecond of each start.
  writeSync(1, `${running.port}\n`);
  // The engine connects meanwhile.
  setImmediate(running.load);
}
