import { RELEASE } from "../generated/release";
import type * as Provider from "./main-provider";
import { createLogger } from "./plugin/log";
import { servePlugin } from "./plugin/serve";

const PROGRAM = "terraform-provider-yciam";
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** Serves the plugin until its host ends it. */
export async function main(args: readonly string[]): Promise<void> {
  const logger = createLogger({ module: "yciam" });
  await servePlugin({
    program: PROGRAM,
    providers: REGISTRIES.map((registry) => `${registry}/${RELEASE.namespace}/yciam`),
    // `import()` of a file of our own would start Node's other loader.
    /* eslint-disable @typescript-eslint/no-require-imports */
    preload: () => void require("../app"),
    methods: () => (require("./main-provider") as typeof Provider).createMethods(PROGRAM, logger),
    /* eslint-enable @typescript-eslint/no-require-imports */
    log: logger,
    debug: args.some((arg) => /^--?debug$/.test(arg)),
  });
}
