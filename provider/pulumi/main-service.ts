import { VERSION } from "../core/words/version";
import type { Method } from "../grpc/service";
import { createSystemContext } from "../platform/system";
import { Configuration } from "./configuration";
import type { EngineLog } from "./engine-log";
import { createMethods } from "./service";

/** The plugin's methods, on the real outside world. */
export function createSystemMethods(log: EngineLog, abortCalls: () => void): ReadonlyMap<string, Method> {
  const context = createSystemContext({ log, userAgent: `yciam/${VERSION} (pulumi-resource-yciam)` });
  const surroundings = {
    configuration: new Configuration(context),
    attach: (engine: string) => log.attach(engine),
  };
  return createMethods(surroundings, abortCalls);
}
