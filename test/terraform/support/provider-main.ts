#!/usr/bin/env node
// Serves the provider of these tests that its own name ends in.
import { basename } from "node:path";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { servePlugin } from "../../../provider/terraform/plugin/serve";
import { createProviderMethods } from "../../../provider/terraform/server";
import { demo } from "./demo-definition";
import { sink, yandex } from "./other-providers";

const program = basename(process.argv[1] ?? "");
const methods = {
  sink: () => createProviderMethods(sink),
  yandex: () => createProviderMethods(yandex),
  demo: () => createProviderMethods(demo),
}[program.replace(/.*-/, "") as "demo"];

void servePlugin({
  program,
  providers: [],
  methods,
  log: createLogger({ module: program }),
  platform: process.env["DEMO_TCP"] ? "win32" : process.platform,
});
