import { expect } from "chai";
import { createLogger } from "../../../provider/terraform/plugin/log";
import { coreLog } from "../../../provider/terraform/yciam/log";

describe("terraform log of the core", () => {
  it("keeps level, message and fields, and shows what it warns of to the user, as a sentence", () => {
    const lines: string[] = [];
    const said: object[] = [];
    const logger = createLogger({ module: "yciam", write: (line) => void lines.push(line) });
    const log = coreLog(logger, (warning) => void said.push(warning));
    log.debug("got a new IAM token", { credential: "key" });
    log.warn("could not renew it");
    log.warn("OAuth tokens end.");
    const [first, second] = lines.map((line) => JSON.parse(line) as object);
    expect(first).to.include({ "@level": "debug", "@message": "got a new IAM token", credential: "key" });
    expect(second).to.include({ "@level": "warn", "@message": "could not renew it", "@module": "yciam" });
    expect(said).to.deep.equal([
      { summary: "IAM Token", detail: "Could not renew it." },
      { summary: "IAM Token", detail: "OAuth tokens end." },
    ]);
  });
});
