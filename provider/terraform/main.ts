import { VERSION } from "../core/words/version";
import { createSystemContext } from "../platform/system";
import { createLogger } from "./plugin/log";
import { servePlugin } from "./plugin/serve";
import { createProviderMethods } from "./server";
import { coreLog } from "./yciam/log";
import { snakeCase } from "./yciam/names";
import { createProvider } from "./yciam/provider";

const PROGRAM = "terraform-provider-yciam";
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** Serves the plugin until its host ends it. */
export async function main(args: readonly string[]): Promise<void> {
  const logger = createLogger({ module: "yciam" });
  const context = createSystemContext({
    log: coreLog(logger),
    spelling: snakeCase,
    userAgent: `yciam/${VERSION} (${PROGRAM})`,
  });
  await servePlugin({
    program: PROGRAM,
    providers: REGISTRIES.map((registry) => `${registry}/yciam/yciam`),
    methods: createProviderMethods(createProvider({ context, logger })),
    log: logger,
    debug: args.some((arg) => /^--?debug$/.test(arg)),
  });
}
