import { VERSION } from "../core/words/version";
import { createSystemContext } from "../platform/system";
import type { Method } from "../grpc/service";
import type { Logger } from "./plugin/log";
import { createProviderMethods } from "./server";
import { coreLog } from "./yciam/log";
import { snakeCase } from "./yciam/names";
import { createProvider } from "./yciam/provider";

/** The provider's methods, on the real outside world. */
export function createMethods(program: string, logger: Logger): ReadonlyMap<string, Method> {
  const context = createSystemContext({
    log: coreLog(logger),
    spelling: snakeCase,
    userAgent: `yciam/${VERSION} (${program})`,
  });
  return createProviderMethods(createProvider({ context, logger }));
}
