import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/**
 * Words that run a program in JavaScript. It can `ask` a server that YC_METADATA_ADDR names, each time by a connection of its
 * own: `{ status, body }`.
 */
export function asking(body: string): readonly string[] {
  return [process.execPath, "-e", `${ASK}(async () => { ${body} })();`];
}

const ASK = `
const TOKEN = "/computeMetadata/v1/instance/service-accounts/default/token";
const FLAVOR = { "Metadata-Flavor": "Google" };
const ask = (path = TOKEN, headers = FLAVOR, base = "http://" + process.env.YC_METADATA_ADDR) => new Promise((done, fail) =>
  require("node:http").get(new URL(path, base), { headers, agent: false }, async (reply) => {
    let body = "";
    for await (const piece of reply) body += piece;
    done({ status: reply.statusCode, body });
  }).on("error", fail));
const tell = (value) => console.log(JSON.stringify(value));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
`;

/** Reads what a process prints until that has `part`, and answers it all; a terminal's ends of lines are those of all. */
export function printing(child: ChildProcess): (part: string) => Promise<string> {
  let printed = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed += text.replaceAll("\r", "")));
  return async (part) => {
    while (!printed.includes(part)) await once(child.stdout!, "data");
    return printed;
  };
}
