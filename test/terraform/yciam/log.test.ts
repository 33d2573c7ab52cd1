import { expect } from "chai";
import { type CallContext } from "../../../provider/terraform/definition";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { coreLog } from "../../../provider/terraform/yciam/log";

function recorded() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, logger: createLogger({ module: "yciam", write }) };
}

describe("terraform log of the core", () => {
  it("keeps level, message and fields", () => {
    const { lines, logger } = recorded();
    coreLog(logger).debug("got a new IAM token", { credential: "key" });
    coreLog(logger).warn("careful");
    expect(lines).to.have.length(2);
    expect(lines[0]).to.include({
      "@level": "debug",
      "@message": "got a new IAM token",
      "@module": "yciam",
      credential: "key",
    });
    expect(lines[1]).to.include({ "@level": "warn", "@message": "careful" });
  });

  it("shows what it warns of to the user of the call, as a sentence", () => {
    const said: object[] = [];
    const call: CallContext = {
      signal: new AbortController().signal,
      warn: (warning) => void said.push(warning),
    };
    const { logger } = recorded();
    coreLog(logger, call).debug("unseen");
    coreLog(logger, call).warn("could not renew it");
    coreLog(logger, call).warn("OAuth tokens end.");
    expect(said).to.deep.equal([
      { summary: "IAM Token", detail: "Could not renew it." },
      { summary: "IAM Token", detail: "OAuth tokens end." },
    ]);
  });
});
