import { expect } from "chai";
import { type ObjectValue, UNKNOWN } from "../../provider/terraform/cty/value";
import { createProviderMethods } from "../../provider/terraform/server";
import { demo } from "./support/demo-definition";
import { callProvider } from "./support/grpc-client";
import { type RunningGrpc, startGrpc } from "./support/grpc-fixture";
import { ProviderClient } from "./support/provider-client";

const UNKNOWN_VALUE = { severity: "error", summary: "Unknown Configuration Value" };

describe("terraform server", () => {
  let grpc: RunningGrpc;
  let host: ProviderClient;
  const dial = () => new ProviderClient(demo, grpc.dial());
  beforeEach(async () => {
    grpc = await startGrpc(createProviderMethods(demo));
    host = dial();
  });
  afterEach(() => grpc.close());

  async function configured(values: ObjectValue = { prefix: "hi" }): Promise<ProviderClient> {
    expect(await host.configure(values)).to.deep.equal([]);
    return host;
  }

  it("gives schemas once, names what it has, and has no identities", async () => {
    const { serverCapabilities, ...schemas } = await host.schemas();
    expect(serverCapabilities).to.include({ getProviderSchemaOptional: true });
    expect(schemas.dataSourceSchemas).to.have.keys("demo_echo", "demo_fail");
    expect(schemas.ephemeralResourceSchemas).to.have.keys("demo_secret");
    expect(schemas.resourceSchemas).to.deep.equal({});
    const names = await callProvider(grpc.dial(), "getMetadata", {});
    expect(names.dataSources).to.deep.equal([{ typeName: "demo_echo" }, { typeName: "demo_fail" }]);
    expect(names.ephemeralResources).to.deep.equal([{ typeName: "demo_secret" }]);
    expect(names.functions).to.deep.equal([{ name: "demo_join" }]);
    const { functions = {} } = await callProvider(grpc.dial(), "getFunctions", {});
    expect(functions).to.deep.equal(schemas.functions);
    expect(functions["demo_join"]?.parameters?.map(({ name }) => name)).to.deep.equal(["between"]);
    expect(functions["demo_join"]?.variadicParameter?.name).to.equal("words");
    const { identitySchemas } = await callProvider(grpc.dial(), "getResourceIdentitySchemas", {});
    expect(identitySchemas).to.deep.equal({});
  });

  it("calls a function before it is configured, and says which argument is wrong", async () => {
    expect(await host.callFunction("demo_join", "-", "a", "b")).to.equal("a-b");
    const wrong = { text: "a word is empty", functionArgument: 2 };
    expect(await host.callFunction("demo_join", "-", "a", "")).to.deep.equal(wrong);
    for (const [name, text] of [
      ["demo_join", "Error: thrown by the demo"],
      ["toString", "This provider has no function toString."],
    ] as const)
      expect(await host.callFunction(name, "throw")).to.include({ text });
  });

  it("does not read or open before it is configured", async () => {
    expect((await host.read("demo_echo")).said[0]).to.include({ summary: "Provider Not Configured" });
  });

  it("does nothing with an unknown value, wherever it is: the host would keep what it answers", async () => {
    expect(await host.validate({ prefix: UNKNOWN })).to.deep.equal([]);
    const [said] = await host.configure({ account: { password: UNKNOWN } });
    expect(said).to.include({ ...UNKNOWN_VALUE, path: "account.password" });
    expect(said?.detail)
      .to.contain("account.password is not known yet")
      .and.contain("would be kept with a wrong answer");
    await configured();
    const inside: Readonly<Record<string, ObjectValue>> = {
      text: { text: UNKNOWN },
      "names[1]": { names: ["a", UNKNOWN] },
    };
    for (const [path, values] of Object.entries(inside)) {
      const answer = await host.read("demo_echo", values);
      expect(answer.said[0]).to.include({ ...UNKNOWN_VALUE, path });
      expect(answer.values).to.deep.equal({});
    }
    const opened = await host.open({ renew_after_ms: UNKNOWN });
    expect(opened).to.have.all.keys("values", "said");
    expect(opened.said[0]).to.include({ ...UNKNOWN_VALUE, path: "renew_after_ms" });
  });

  it("checks a data source before it is read, on the attribute's path", async () => {
    expect(await host.validateData("demo_fail", { how: "invalid" })).to.deep.equal([
      { severity: "error", summary: "Invalid How", detail: "No.", path: "how" },
    ]);
  });

  it("turns thrown errors into diagnostics, keeps its warnings, and goes on", async () => {
    await configured();
    const thrown = await host.read("demo_fail", { how: "throw" });
    expect(thrown.values).to.deep.equal({});
    expect(thrown.said.map(({ severity, summary }) => `${severity}: ${summary}`)).to.deep.equal([
      "warning: Failing Soon",
      "error: Unexpected",
    ]);
    expect(thrown.said[1]?.detail).to.equal("Error: thrown by the demo");
    expect((await host.read("demo_fail", { how: "diagnostic" })).said[1]).to.include({ summary: "Refused" });
    expect((await host.read("demo_fail")).values).to.deep.equal({ how: null });
  });

  it("does not know other types, and says so for every call", async () => {
    for (const name of ["readDataSource", "validateDataResourceConfig", "openEphemeralResource"] as const) {
      const { diagnostics } = await callProvider(grpc.dial(), name, { typeName: "toString", config: {} });
      expect(diagnostics?.[0]?.detail, name).to.equal("This provider has no toString.");
    }
  });

  it("opens with a value, a time to renew and private bytes; renews from these; and may be closed", async () => {
    await configured();
    const opened = await host.open({ renew_after_ms: 60_000 });
    expect(opened.values).to.deep.equal({ renew_after_ms: 60_000, token: "canary-hi" });
    expect((opened.renewAt?.getTime() ?? 0) - Date.now()).to.be.within(30_000, 60_000);
    const renewed = await host.renew(opened.private);
    expect(Buffer.from(renewed.private ?? []).toString()).to.equal("1");
    expect(await host.close()).to.deep.equal([]);
    expect(await host.open()).not.to.have.property("renewAt");
  });

  it("says in a diagnostic when the time to renew cannot be a date", async () => {
    const { said } = await (await configured()).open({ renew_after_ms: Number.MAX_SAFE_INTEGER });
    expect(said[0]?.detail).to.contain("not a date");
  });

  it("ends what is under way when it is interrupted, and begins nothing more for that host, and all for others", async () => {
    await configured();
    const other = dial();
    await other.configure({ prefix: "other" });
    const [hanging, others] = [host, other].map((client) => client.read("demo_fail", { how: "hang" }));
    await host.interrupt();
    expect((await hanging)?.said.at(-1)).to.include({ summary: "Interrupted" });
    expect((await host.read("demo_fail")).said[0]).to.include({ summary: "Interrupted" });
    expect((await other.read("demo_fail")).said[0]).to.include({ summary: "Failing Soon" });
    await other.interrupt();
    await others;
    const { diagnostics } = await callProvider(grpc.dial(), "validateProviderConfig", { config: {} });
    expect(JSON.stringify(diagnostics)).not.to.include("Interrupted");
  });

  it("serves each host by its own configuration, and one that dials again while there is no other", async () => {
    const greeting = async (client: ProviderClient) => {
      const { values, said } = await client.read("demo_echo");
      return said[0]?.summary ?? values["greeting"];
    };
    const [one, two, again] = [dial(), dial(), dial()];
    await one.configure({ prefix: "one" });
    expect(await greeting(again)).to.equal("one there");
    await two.configure({ prefix: "two" });
    expect([await greeting(one), await greeting(two)]).to.deep.equal(["one there", "two there"]);
    expect(await greeting(dial()), "whose would it be?").to.equal("Provider Not Configured");
  });
});
