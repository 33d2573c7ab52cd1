import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { Cli, MAIN } from "./run";

const RESOLVERS = join(__dirname, "../../dist/sdk/nodejs/resolvers.js");

describe("the end of yciam", function () {
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
    it(`comes with Ctrl-C though a resolver of one's own is ${what} and does not mind`, async () => {
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

  it("comes when the work is done, though a resolver of one's own left something open", async () => {
    const file = join(cli.home, "open.mjs");
    const resolve = `() => (setInterval(() => {}, 1000), { id: "open", token: async () => ({ token: new Secret("t1.own.token") }) })`;
    writeFileSync(
      file,
      `import { Secret } from "${RESOLVERS}"; const resolve = ${resolve};
       export const open = { name: "open", summary: "O.", options: {}, resolve };`,
    );
    const args = ["token", "--resolver-modules", file, "--resolvers", "open"];
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: bareEnvironment(cli.home),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = (await once(child.stdout, "data")) as [Buffer];
    expect(printed.toString()).to.equal("t1.own.token\n");
    expect(await once(child, "exit")).to.deep.equal([0, null]);
  });
});
