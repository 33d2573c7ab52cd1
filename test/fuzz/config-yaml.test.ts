import { expect } from "chai";
import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { createApp } from "../../provider/app";
import { YciamError } from "../../provider/core/words/errors";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";

const OAUTH = "y0_AgAAAAA-this-is-nobodys-token-but-has-the-shape-of-one";

const property = fc.constantFrom(
  "token",
  "service-account-key",
  "instance-service-account",
  "federation-id",
  "endpoint",
  "cloud-id",
);
const value = fc.oneof(fc.anything({ maxDepth: 2 }), fc.constantFrom(OAUTH, true, "aje1", { id: "a" }));
const config = fc.record(
  {
    current: fc.oneof(fc.constant("default"), fc.anything({ maxDepth: 1 })),
    profiles: fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record({ default: fc.oneof(fc.dictionary(property, value), fc.anything({ maxDepth: 1 })) }),
    ),
  },
  { requiredKeys: [] },
);
/** YAML of such a file; where the library cannot write a value, there is no such file. */
const files = config.map((content) => {
  try {
    return stringify(content);
  } catch {
    return "";
  }
});
const texts = fc.oneof(
  { weight: 3, arbitrary: files },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.string(), fc.nat(60))
      .map(
        ([put, at]) =>
          `current: default\nprofiles:\n  default:\n    token: ${OAUTH}\n`.slice(0, at) + `${put} ${OAUTH}`,
      ),
  },
);

describe("fuzz: yc's config.yaml", () => {
  const folder = folderForEach();

  it("of any content ends in an error of ours, or in asking IAM; what is written there is not shown", async function () {
    this.timeout(60_000);
    const path = join(folder.path, "config.yaml");
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        writeFileSync(path, text);
        const context = testContext();
        // Nothing listens there: a credential that was found ends in a ServiceError.
        const app = createApp(
          { ycProfile: { configFile: path }, iamEndpoint: "http://127.0.0.1:1", retries: 0, cache: "none" },
          context,
        );
        const end: unknown = await app.getIamToken().catch((error: unknown) => error);
        expect(end, (end as Error).stack).to.be.instanceOf(YciamError);
        expect(`${(end as Error).message}${JSON.stringify(context.logs)}`).not.to.include(OAUTH.slice(5, 30));
      }),
      { numRuns: 500 },
    );
  });
});
