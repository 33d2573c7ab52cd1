import { expect } from "chai";
import { readServiceAccountKey } from "../../../provider/core/iam/keys";
import { startCall } from "../../../provider/core/token/call";
import { CredentialError, ServiceError } from "../../../provider/core/words/errors";
import { Secret } from "../../../provider/core/words/secret";
import { emulatorForAll, keyForAll } from "../../resolvers/support";
import { everyText } from "../../support/every-text";
import { failureOf } from "../../support/failure";
import { aCall, clientOf } from "./iam-world";

const emulator = emulatorForAll();
const file = keyForAll(emulator);
const key = () => readServiceAccountKey(file.current, "KEY", "");
const refused = () => failureOf(clientOf(emulator.current).iam.exchangeKey(key(), aCall()));

describe("core/iam, of a key", () => {
  for (const status of [400, 401, 403, 404, 409, 429, 500, 503]) {
    const kind = status < 409 ? CredentialError : ServiceError;
    it(`makes a ${kind.name} of IAM's ${status}`, async () => {
      emulator.current.faults.inject({ route: "tokens", status });
      const error = await refused();
      expect(error).to.be.instanceOf(kind);
      expect((error as ServiceError).reply)
        .to.include({ status })
        .and.to.have.property("requestId");
    });
  }

  for (const status of [400, 401, 403, 404]) {
    it(`E1: blames no key for a gateway's page with ${status}`, async () => {
      emulator.current.faults.inject({ route: "tokens", status, body: "<html>Blocked</html>" });
      const error = await refused();
      expect(error).to.be.instanceOf(ServiceError).with.property("failure", "status");
      expect(error.message).to.match(
        /These are not the words of Yandex Cloud: a proxy or a gateway seems to answer/,
      );
      expect(emulator.current.counts.tokens).to.equal(1);
    });
  }
});

describe("core/iam, while another thread signs", () => {
  it("has loaded by then what the request takes", async () => {
    const steps: string[] = [];
    const { http } = clientOf(emulator.current).context;
    const { iam } = clientOf(
      emulator.current,
      {},
      {
        loadHttp: () => void steps.push("load"),
        http: (request) => {
          steps.push("send");
          return http(request);
        },
      },
    );
    await iam.exchangeKey(key(), aCall());
    expect(steps).to.deep.equal(["load", "send"]);
  });
});

describe("core/iam, of tokens", () => {
  it("ends at the end of the call, and shows nothing of what was sent", async () => {
    emulator.current.faults.inject({ route: "tokens", delayMs: 3000 });
    const { token } = emulator.current.addOauthToken();
    const short = startCall(new AbortController().signal, 150);
    const { iam } = clientOf(emulator.current);
    const error = await failureOf(iam.exchangeOauthToken(new Secret(token), short));
    expect(error).to.be.instanceOf(ServiceError).with.property("failure", "timeout");
    expect(everyText(error)).to.not.contain(token);
  });
});

describe("core/iam, at an API root of one's own", () => {
  /** The address of IAM as it was listed by the emulator before a test changed it. */
  let listed = "";
  before(() => void (listed = emulator.current.endpoints.get("iam") ?? ""));
  afterEach(() => void emulator.current.endpoints.set("iam", listed));
  const exchange = (client = clientOf(emulator.current, { endpoint: emulator.current.url, audience: "a" })) =>
    client.iam.exchangeKey(key(), aCall());

  it("asks for the address of IAM once, and again only after a failure", async () => {
    const client = clientOf(emulator.current, { endpoint: emulator.current.url });
    emulator.current.faults.inject({ route: "endpoints", status: 503 });
    expect(await failureOf(exchange(client))).to.be.instanceOf(ServiceError);
    // The emulator takes the installation's audience alone: what matters is where the assertion went.
    await exchange(client).catch(() => undefined);
    await exchange(client).catch(() => undefined);
    expect(emulator.current.counts).to.include({ endpoints: 2, tokens: 2 });
  });

  it("says what to set when the list has no IAM", async () => {
    emulator.current.endpoints.delete("iam");
    expect((await failureOf(exchange())).message).to.equal(
      `${emulator.current.url}/endpoints lists no endpoint with id iam. Set iamEndpoint and audience instead.`,
    );
  });

  it("does not send a credential to a plain http address that the list gives", async () => {
    emulator.current.endpoints.set("iam", "http://10.0.0.1");
    expect((await failureOf(exchange())).message).to.equal(
      `the address of IAM in the list of ${emulator.current.url}/endpoints must use https: a credential goes there. Plain http is for loopback addresses only.`,
    );
  });

  for (const body of ["<html>", [], { endpoints: {} }, { endpoints: [null, { id: "iam", address: 1 }] }]) {
    it(`makes no address of ${JSON.stringify(body)}`, async () => {
      emulator.current.faults.inject({ route: "endpoints", body });
      expect(await failureOf(exchange()))
        .to.be.instanceOf(ServiceError)
        .with.property("failure", "reply");
    });
  }
});
