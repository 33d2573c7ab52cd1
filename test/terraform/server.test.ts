import { type Client } from "@grpc/grpc-js";
import { expect } from "chai";
import { type ObjectValue, UNKNOWN, type Value } from "../../provider/terraform/cty/value";
import {
  Diagnostic_Severity as Severity,
  type Diagnostic,
} from "../../provider/terraform/generated/tfplugin6";
import { createProviderMethods } from "../../provider/terraform/server";
import { decodeValue, encodeValue } from "../../provider/terraform/values";
import { demo } from "./support/demo-definition";
import { callProvider, connect } from "./support/grpc-client";
import { useGrpc } from "./support/grpc-fixture";

const echoType = demo.dataSources["demo_echo"]!.schema.type;
const failType = demo.dataSources["demo_fail"]!.schema.type;
const secretType = demo.ephemeralResources["demo_secret"]!.schema.type;
const providerConfig = (value: ObjectValue) => ({ config: encodeValue(demo.schema.type, value) });
const attributeName = (value: string) => ({ selector: { $case: "attributeName", value } });

function only(diagnostics: readonly Diagnostic[] | undefined): Diagnostic {
  expect(diagnostics).to.have.length(1);
  return diagnostics![0]!;
}

describe("terraform server", () => {
  const { client } = useGrpc(Object.fromEntries(createProviderMethods(demo)));
  const fail = (how: Value) =>
    callProvider(client(), "readDataSource", {
      typeName: "demo_fail",
      config: encodeValue(failType, { how }),
    });

  it("does not read or open before it is configured", async () => {
    const { diagnostics } = await callProvider(client(), "readDataSource", {
      typeName: "demo_echo",
      config: encodeValue(echoType, {}),
    });
    expect(only(diagnostics).summary).to.equal("Provider Not Configured");
  });

  describe("description", () => {
    it("gives schemas, and says that they need to be asked only once", async () => {
      const answer = await callProvider(client(), "getProviderSchema", {});
      expect(answer.serverCapabilities).to.include({ getProviderSchemaOptional: true });
      expect(answer.provider?.block?.attributes?.map(({ name }) => name)).to.deep.equal([
        "prefix",
        "account",
      ]);
      expect(answer.dataSourceSchemas).to.have.keys("demo_echo", "demo_fail");
      expect(answer.ephemeralResourceSchemas).to.have.keys("demo_secret");
      expect(answer.resourceSchemas).to.deep.equal({});
    });

    it("names what it has, and that it has neither functions nor identities", async () => {
      const answer = await callProvider(client(), "getMetadata", {});
      expect(answer.dataSources).to.deep.equal([{ typeName: "demo_echo" }, { typeName: "demo_fail" }]);
      expect(answer.ephemeralResources).to.deep.equal([{ typeName: "demo_secret" }]);
      expect((await callProvider(client(), "getFunctions", {})).functions).to.deep.equal({});
      expect((await callProvider(client(), "getResourceIdentitySchemas", {})).identitySchemas).to.deep.equal(
        {},
      );
    });
  });

  describe("configuration", () => {
    it("may hold unknown values while it is only checked", async () => {
      const { diagnostics } = await callProvider(
        client(),
        "validateProviderConfig",
        providerConfig({ prefix: UNKNOWN }),
      );
      expect(diagnostics).to.deep.equal([]);
    });

    it("is refused with an unknown value, on that value's path", async () => {
      const config = providerConfig({ account: { password: UNKNOWN } });
      const refused = only((await callProvider(client(), "configureProvider", config)).diagnostics);
      expect(refused).to.include({ severity: Severity.ERROR, summary: "Unknown Configuration Value" });
      expect(refused.detail).to.contain("account.password is not known yet");
      expect(refused.attribute?.steps).to.deep.equal([
        attributeName("account"),
        { selector: { $case: "elementKeyString", value: "password" } },
      ]);
    });

    it("is taken when it is known", async () => {
      const answer = await callProvider(client(), "configureProvider", providerConfig({ prefix: "hi" }));
      expect(answer.diagnostics).to.deep.equal([]);
    });
  });

  describe("data source", () => {
    it("gives its state, with everything it was given", async () => {
      const given = { text: "x", number: 2.5, tags: { a: "b" }, endpoints: [{ port: 1, url: null }] };
      const config = encodeValue(echoType, given);
      const { state, diagnostics } = await callProvider(client(), "readDataSource", {
        typeName: "demo_echo",
        config,
      });
      expect(diagnostics).to.deep.equal([]);
      expect(decodeValue(echoType, state)).to.deep.include({ ...given, greeting: "hi there", flag: null });
    });

    it("is checked before it is read, on the attribute's path", async () => {
      const config = encodeValue(failType, { how: "invalid" });
      const request = { typeName: "demo_fail", config };
      const found = only((await callProvider(client(), "validateDataResourceConfig", request)).diagnostics);
      expect(found).to.include({ severity: Severity.ERROR, summary: "Invalid How", detail: "Not this one." });
      expect(found.attribute?.steps).to.deep.equal([attributeName("how")]);
    });

    it("turns thrown errors into diagnostics, keeps its warnings, and goes on", async () => {
      const thrown = await fail("throw");
      expect(thrown.state).to.equal(undefined);
      expect(thrown.diagnostics?.map(({ severity, summary }) => [severity, summary])).to.deep.equal([
        [Severity.WARNING, "Failing Soon"],
        [Severity.ERROR, "Unexpected Provider Error"],
      ]);
      expect(thrown.diagnostics?.[1]?.detail).to.contain("thrown by the demo");
      expect((await fail("diagnostic")).diagnostics?.[1]?.summary).to.equal("Refused");
      expect((await fail(null)).state).to.be.an("object");
    });

    it("is not read with an unknown value, wherever it is: the host would keep what it answers", async () => {
      const unknown: Record<string, ObjectValue> = {
        text: { text: UNKNOWN },
        "names[1]": { names: ["a", UNKNOWN] },
        "endpoints[0].port": { endpoints: [{ port: UNKNOWN, url: null }] },
      };
      for (const [path, values] of Object.entries(unknown)) {
        const config = encodeValue(echoType, values);
        const answer = await callProvider(client(), "readDataSource", { typeName: "demo_echo", config });
        const refused = only(answer.diagnostics);
        expect(refused).to.include({ severity: Severity.ERROR, summary: "Unknown Configuration Value" });
        expect(refused.detail).to.contain(`The value of ${path} is not known yet`);
        expect(refused.attribute?.steps?.[0]).to.deep.equal(attributeName(Object.keys(values)[0]!));
        expect(answer.state).to.equal(undefined);
      }
    });

    it("does not know other types, and says so for every call", async () => {
      for (const name of ["readDataSource", "validateDataResourceConfig", "openEphemeralResource"] as const) {
        const { diagnostics } = await callProvider(client(), name, { typeName: "toString", config: {} });
        expect(only(diagnostics).detail, name).to.equal("This provider has no toString.");
      }
    });
  });

  describe("ephemeral resource", () => {
    const open = (config: ObjectValue) =>
      callProvider(client(), "openEphemeralResource", {
        typeName: "demo_secret",
        config: encodeValue(secretType, config),
      });

    it("opens with a value, a time to renew, and private bytes", async () => {
      const opened = await open({ name: "n", renew_after_ms: 60_000 });
      expect(decodeValue(secretType, opened.result)).to.deep.equal({
        name: "n",
        renew_after_ms: 60_000,
        token: "canary-hi",
      });
      expect(opened.renewAt!.getTime() - Date.now()).to.be.within(55_000, 60_000);
      expect(Buffer.from(opened.private!).toString()).to.equal("0");
      expect((await open({})).renewAt).to.equal(undefined);
    });

    it("is not opened with an unknown value", async () => {
      const answer = await open({ name: UNKNOWN });
      const refused = only(answer.diagnostics);
      expect(refused).to.include({ severity: Severity.ERROR, summary: "Unknown Configuration Value" });
      expect(refused.attribute?.steps).to.deep.equal([attributeName("name")]);
      expect(answer).to.include({ result: undefined, private: undefined, renewAt: undefined });
    });

    it("says in a diagnostic when the time to renew cannot be a date", async () => {
      const { diagnostics } = await open({ renew_after_ms: Number.MAX_SAFE_INTEGER });
      expect(only(diagnostics).detail).to.contain("not a date");
    });

    it("renews from the private bytes it gave before, and may be closed", async () => {
      const renewed = await callProvider(client(), "renewEphemeralResource", {
        typeName: "demo_secret",
        private: Buffer.from("3"),
      });
      expect(Buffer.from(renewed.private!).toString()).to.equal("4");
      const closed = await callProvider(client(), "closeEphemeralResource", { typeName: "demo_secret" });
      expect(closed.diagnostics).to.deep.equal([]);
    });
  });
});

describe("terraform server, interrupted", () => {
  const { client } = useGrpc(Object.fromEntries(createProviderMethods(demo)));
  const read = (how: string) => {
    const config = encodeValue(failType, { how });
    return callProvider(client(), "readDataSource", { typeName: "demo_fail", config });
  };

  it("ends what is under way with a diagnostic", async () => {
    await callProvider(client(), "configureProvider", providerConfig({}));
    const hanging = read("hang");
    expect(await callProvider(client(), "stopProvider", {})).to.deep.equal({ Error: "" });
    expect((await hanging).diagnostics?.[1]?.summary).to.equal("Interrupted");
  });

  it("begins nothing more, until the next run configures it anew", async () => {
    await callProvider(client(), "configureProvider", providerConfig({}));
    await callProvider(client(), "stopProvider", {});
    expect(only((await read("fine")).diagnostics).summary).to.equal("Interrupted");
    await callProvider(client(), "configureProvider", providerConfig({}));
    expect(only((await read("fine")).diagnostics).summary).to.equal("Failing Soon");
  });
});

describe("terraform server, shared by several hosts, as for debugging", () => {
  const { address } = useGrpc(Object.fromEntries(createProviderMethods(demo)));
  const clients: Client[] = [];
  const dial = () => {
    const own = { "grpc.use_local_subchannel_pool": 1 };
    const client = connect({ network: "tcp", address: address(), certificate: "" }, undefined, own);
    clients.push(client);
    return client;
  };
  after(() => clients.forEach((client) => client.close()));

  async function greeting(client: Client): Promise<unknown> {
    const request = { typeName: "demo_echo", config: encodeValue(echoType, {}) };
    const { state, diagnostics } = await callProvider(client, "readDataSource", request);
    return diagnostics?.[0]?.summary ?? (decodeValue(echoType, state) as ObjectValue)["greeting"];
  }

  it("serves each by its own configuration, and one that dialled again while there is no other", async () => {
    const [one, two, again] = [dial(), dial(), dial()];
    await callProvider(one, "configureProvider", providerConfig({ prefix: "one" }));
    expect(await greeting(again)).to.equal("one there");
    await callProvider(two, "configureProvider", providerConfig({ prefix: "two" }));
    expect([await greeting(one), await greeting(two)]).to.deep.equal(["one there", "two there"]);
    expect(await greeting(dial()), "whose would it be?").to.equal("Provider Not Configured");
  });
});
