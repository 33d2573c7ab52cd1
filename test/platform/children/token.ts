import { createApp } from "../../../provider/app";
import { createSystemContext } from "../../../provider/platform/system";

/**
 * Loads all it needs, says `ready`, waits for a line on its input, gets one token as a host would, and prints what it
 * got, or the error.
 */
async function main(): Promise<void> {
  const log = { debug: () => undefined, warn: (message: string) => console.error(message) };
  const context = createSystemContext({ log, userAgent: "yciam/test" });
  await import("got");
  const app = createApp({}, context);
  console.log("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  console.log((await app.getIamToken()).fingerprint);
}

main().catch((error: unknown) => console.log(String(error)));
