import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { refusal, type Wire } from "./support/client";
import { type Served, servePlugin } from "./support/serve";
import { secret } from "./support/wire";

describe("a short-lived token in a provider's saved configuration", () => {
  let emulator: Emulator;
  let plugin: Served;

  before(async () => (emulator = await startEmulator()));
  after(() => emulator.close());
  beforeEach(async () => {
    plugin = await servePlugin({
      env: { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, YCIAM_AUTH_ENDPOINT: emulator.authEndpoint },
    });
  });
  afterEach(() => plugin.close());

  const context = JSON.stringify({ access_token: "t1.dead.dead", expires_in: 0, token_type: "Bearer" });
  const tokens: Readonly<Record<string, Wire>> = {
    workloadIdentity: { token: secret("a.b.c"), serviceAccountId: "aje0123456789abcdefg" },
    functionContext: { token: secret(context) },
  };
  for (const [name, group] of Object.entries(tokens)) {
    it(`is told of, with --run-program, when ${name}.token is refused`, async () => {
      await plugin.client.configure({ [name]: group });
      for (const work of [plugin.client.invoke("getIamToken"), plugin.client.create({})]) {
        const { details } = await refusal(work);
        expect(details).to.match(new RegExp(`own configuration, ${name}, [\\s\\S]+--run-program`));
        expect(details).not.to.contain("t1.dead");
      }
    });

    it(`is not, when ${name}.token came with the call`, async () => {
      await plugin.client.configure({ iamToken: { token: secret("t1.a.b") } });
      const { details } = await refusal(plugin.client.invoke("getIamToken", { [name]: group }));
      expect(details).not.to.contain("--run-program");
    });
  }
});
