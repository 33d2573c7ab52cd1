import { expect } from "chai";
import { startEmulator } from "../../emulator";
import { servePlugin } from "./support/serve";

describe("the plugin's debug log", () => {
  it("shows a credential's digest cut to 12 characters", async () => {
    const emulator = await startEmulator();
    const plugin = await servePlugin({ env: { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint } });
    try {
      const { id } = emulator.addServiceAccount();
      const json = JSON.stringify(await emulator.createKey({ serviceAccountId: id }));
      await plugin.client.invoke("getIamToken", { serviceAccountKey: { json } });
      const line = plugin.context.logs.find(({ message }) => message === "got a new IAM token");
      expect(line?.fields?.credential).to.match(/^serviceAccountKey \S+ \S+ [0-9a-f]{12}$/);
    } finally {
      plugin.close();
      await emulator.close();
    }
  });
});
