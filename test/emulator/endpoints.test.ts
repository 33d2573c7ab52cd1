import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { call } from "./client";

describe("emulator: discovery", () => {
  let emulator: Emulator;

  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.close());

  it("lists the emulator under each API", async () => {
    const { body } = await call(`${emulator.url}/endpoints`);
    const address = emulator.url;
    expect(body).to.deep.equal({
      endpoints: [
        { id: "endpoint", address },
        { id: "iam", address },
        { id: "resource-manager", address },
      ],
      nextPageToken: "",
    });
  });

  it("tells one, and does not know others", async () => {
    expect((await call(`${emulator.url}/endpoints/iam`)).body).to.deep.equal({
      id: "iam",
      address: emulator.url,
    });
    const { status, body } = await call(`${emulator.url}/endpoints/none`);
    expect(status).to.equal(404);
    expect(body).to.include({ code: 5, message: "API endpoint none not found" });
    expect(emulator.counts.endpoints).to.equal(2);
  });

  it("answers what a test puts there", async () => {
    emulator.endpoints.set("iam", "elsewhere.example:443");
    expect((await call(`${emulator.url}/endpoints/iam`)).body["address"]).to.equal("elsewhere.example:443");
    emulator.endpoints.delete("iam");
    expect((await call(`${emulator.url}/endpoints/iam`)).status).to.equal(404);
  });
});
