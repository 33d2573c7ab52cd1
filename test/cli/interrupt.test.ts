import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { Cli, MAIN } from "./run";

describe("Ctrl-C in yciam", function () {
  this.timeout(60_000);
  let cli: Cli;
  beforeEach(() => (cli = new Cli()));
  afterEach(() => cli.cleanup());

  for (const [what, content] of [
    [
      "at work",
      `const resolve = () => (BUSY, new Promise(() => {}));
       export const busy = { name: "busy", summary: "B.", options: {}, resolve };`,
    ],
    ["being loaded", "BUSY; while (true) await new Promise(() => {});"],
  ] as const) {
    it(`ends it though a resolver of one's own is ${what} and does not mind`, async () => {
      const file = join(cli.home, "busy.mjs");
      const busy = 'console.error("busy"), setInterval(() => {}, 1000)';
      writeFileSync(file, content.replace("BUSY", busy));
      const args = ["token", "--resolver-modules", file, "--resolvers", "busy"];
      const child = spawn(process.execPath, [MAIN, ...args], {
        env: bareEnvironment(cli.home),
        stdio: ["ignore", "ignore", "pipe"],
      });
      await once(child.stderr, "data");
      child.kill("SIGINT");
      expect(((await once(child, "exit")) as [number | null])[0]).to.equal(130);
    });
  }
});
