#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { servePlugin } from "../../../provider/terraform/plugin/serve";
import { createProviderMethods } from "../../../provider/terraform/server";
import { demo, note } from "./demo-definition";

const log = createLogger({ module: "demo" });

void servePlugin({
  program: "terraform-provider-demo",
  providers: ["registry.terraform.io/example/demo", "registry.opentofu.org/example/demo"],
  methods: createProviderMethods(demo),
  stop: async () => {
    note("stop");
    await sleep(Number(process.env["DEMO_STOP_MS"] ?? 0));
  },
  log,
  debug: process.argv.includes("--debug"),
  platform: process.env["DEMO_TCP"] ? "win32" : process.platform,
}).then(() => log.info("serving", { answer: 42 }));
