import { VERSION } from "../core/words/version";
import { endAtDefects } from "../platform/defects";
import { createSystemContext } from "../platform/system";
import { Configuration } from "./configuration";
import { EngineLog } from "./engine-log";
import { engineAddress, whenOwnerEnds } from "./lifetime";
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
  const context = createSystemContext({ log, userAgent: `yciam/${VERSION} (pulumi-resource-yciam)` });
  const running = await serve({
    configuration: new Configuration(context),
    attach: (engine) => log.attach(engine),
    flush: () => log.flush(),
  });
  whenOwnerEnds(address !== undefined, () => {
    void running.close().finally(() => process.exit(0));
  });
  process.stdout.write(`${running.port}\n`);
}
