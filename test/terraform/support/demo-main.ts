#!/usr/bin/env node
import { createLogger } from "../../../provider/terraform/plugin/log";
import { servePlugin } from "../../../provider/terraform/plugin/serve";
import { createProviderMethods } from "../../../provider/terraform/server";
import { demo } from "./demo-definition";

const log = createLogger({ module: "demo" });

void servePlugin({
  program: "terraform-provider-demo",
  providers: ["registry.terraform.io/example/demo", "registry.opentofu.org/example/demo"],
  methods: createProviderMethods(demo),
  log,
  debug: process.argv.includes("--debug"),
  platform: process.env["DEMO_TCP"] ? "win32" : process.platform,
}).then(() => log.info("serving", { answer: 42 }));
