import { expect } from "chai";
import { createHash } from "node:crypto";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { findCanaries } from "../support/canary";
import {
  type Answer,
  type Given,
  type Host,
  type HostDriver,
  isGiven,
  type Options,
  type Refused,
} from "./host-driver";

const HOUR = 3_600_000;

/** What every host has to do, whatever it is written for; `describe`s a suite that drives one. */
export function describeHost(driver: HostDriver): void {
  describe(`${driver.name}, as a host`, function () {
    this.timeout(30_000);
    let emulator: Emulator;
    let key: KeyFile;
    let now: number;
    const hosts: Host[] = [];

    before(async () => {
      emulator = await startEmulator({ now: () => now });
      now = Date.now();
      key = await emulator.createKey();
    });
    after(() => emulator.close());
    beforeEach(() => {
      now = Date.now();
      emulator.reset();
    });
    afterEach(async () => {
      for (const host of hosts.splice(0)) await host.close();
    });

    const start = async (env: Record<string, string> = {}): Promise<Host> => {
      const own = {
        YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
        YC_METADATA_ADDR: "127.0.0.1:1",
        YCIAM_CACHE: "memory",
      };
      const host = await driver.start({ env: { ...own, ...env }, now: () => now });
      hosts.push(host);
      return host;
    };
    const ask = async (options: Options, env?: Record<string, string>) => (await start(env)).ask(options);
    const withKey = (file: KeyFile = key) => ({ serviceAccountKey: { json: JSON.stringify(file) } });

    describe("when it gives a token", () => {
      it("says whose it is, how long it lives, and who got it", async () => {
        const { values } = given(await ask(withKey()));
        const { token, subjectId } = emulator.issuedTokens.at(-1) ?? {};
        expect(values).to.include({
          token,
          authorizationHeader: `Bearer ${token}`,
          resolver: "serviceAccountKey",
          subjectId,
          fingerprint: createHash("sha256").update(String(token)).digest("hex").slice(0, 12),
        });
        const [issued, refresh, expires] = ["issuedAt", "refreshAt", "expiresAt"].map((name) => {
          expect(values[name], name).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
          return Date.parse(values[name] as string);
        }) as [number, number, number];
        expect(refresh - issued).to.be.closeTo(HOUR, 1000);
        expect(expires - issued).to.be.closeTo(12 * HOUR, 60_000);
      });

      it("marks the token and the header as secret, and nothing else", async () => {
        const { secret } = given(await ask(withKey()));
        expect([...secret].sort()).to.deep.equal(["authorizationHeader", "token"]);
      });

      it("promises no life where nobody knows one", async () => {
        const { values } = given(await ask({ iamToken: { token: "t1.ready.made" } }));
        expect(values).to.include({ token: "t1.ready.made", resolver: "iamToken" });
        for (const name of ["expiresAt", "issuedAt", "refreshAt", "subjectId"])
          expect(values[name] ?? undefined, name).to.equal(undefined);
      });

      it("takes the environment when nothing is said", async () => {
        const env = { YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) };
        expect(given(await ask({}, env)).values.subjectId).to.equal(key.service_account_id);
      });

      it("takes what is said before the environment", async () => {
        const other = await emulator.createKey();
        const env = { YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(other), YC_IAM_TOKEN: "t1.env.env" };
        expect(given(await ask(withKey(), env)).values.subjectId).to.equal(key.service_account_id);
      });

      it("hands on the token of another account when told to", async () => {
        const { id } = emulator.addServiceAccount();
        emulator.grantTokenCreator(key.service_account_id, id);
        const answer = await ask({ ...withKey(), impersonate: { serviceAccountId: id } });
        expect(given(answer).values.subjectId).to.equal(id);
      });
    });

    describe("when it is asked again", () => {
      it("gives the same token, for one exchange, however many ask at once", async () => {
        const host = await start();
        const answers = await Promise.all(Array.from({ length: 50 }, () => host.ask(withKey())));
        answers.push(await host.ask(withKey()));
        expect(new Set(answers.map((answer) => given(answer).values.token))).to.have.property("size", 1);
        expect(emulator.counts.exchanges).to.equal(1);
      });

      it("keeps identities apart", async () => {
        const [host, other] = [await start(), await emulator.createKey()];
        const subjects = await Promise.all([host.ask(withKey()), host.ask(withKey(other))]);
        expect(subjects.map((answer) => given(answer).values.subjectId)).to.deep.equal([
          key.service_account_id,
          other.service_account_id,
        ]);
      });

      it("gives a new one before the old one is too short for the caller", async () => {
        const host = await start();
        const first = given(await host.ask(withKey())).values;
        now += 12 * HOUR - 5 * 60_000;
        const second = given(await host.ask(withKey())).values;
        expect(second.token).not.to.equal(first.token);
      });

      it("gives the old one, with a warning, when a new one cannot be had", async () => {
        const host = await start();
        const first = given(await host.ask(withKey())).values;
        now += 2 * HOUR;
        emulator.faults.inject({ status: 503, times: Infinity });
        const second = given(await host.ask({ ...withKey(), retries: 0 })).values;
        emulator.faults.clear();
        expect(second.token).to.equal(first.token);
        expect(host.warnings().join("\n")).to.match(/could not renew the IAM token/);
      });

      it("forgets a failure at once", async () => {
        const host = await start();
        emulator.faults.inject({ status: 503 });
        expect(refused(await host.ask({ ...withKey(), retries: 0 })).message).to.contain("503");
        expect(given(await host.ask(withKey())).values.resolver).to.equal("serviceAccountKey");
      });
    });

    describe("when it gives none", () => {
      it("lists what each resolver wants, as its users write it", async () => {
        const host = await start();
        const { message } = refused(await host.ask({}));
        for (const path of ["serviceAccountKey.file", "serviceAccountKey.json", "iamToken.token"])
          expect(message).to.contain(host.spell(path));
        expect(message).to.contain("YC_SERVICE_ACCOUNT_KEY_FILE").and.contain("instanceMetadata");
      });

      const mistakes: [string, Options][] = [
        ["minRemainingValidity", { minRemainingValidity: "planted-and-wrong" }],
        ["serviceAccountKey.json", { serviceAccountKey: { json: "{planted-and-wrong" } }],
        ["iamToken.token", { iamToken: { token: "planted-and-wrong\nplanted" } }],
        ["iamEndpoint", { iamEndpoint: "http://planted-and-wrong.example" }],
        ["resolvers", { resolvers: ["noSuchResolver"] }],
      ];
      for (const [path, options] of mistakes) {
        it(`names ${path} as its users write it when that is wrong, and does not say it back`, async () => {
          const host = await start();
          const { message } = refused(await host.ask(options));
          expect(message).to.contain(host.spell(path)).and.not.contain("planted");
          expect(emulator.requests).to.deep.equal([]);
        });
      }

      it("stops at a credential that is refused, and uses no other identity", async () => {
        const gone = await emulator.createKey();
        emulator.deleteKey(gone.id);
        const YC_SERVICE_ACCOUNT_KEY_FILE = JSON.stringify(gone);
        const env = { YC_SERVICE_ACCOUNT_KEY_FILE, YC_METADATA_ADDR: emulator.metadataAddress };
        const { message } = refused(await ask({}, env));
        expect(message)
          .to.match(/request id [\w-]+/)
          .and.not.contain(gone.private_key.slice(100, 140));
        expect(emulator.counts.metadata).to.equal(0);
      });

      it("says how long the newest token lives when that is too short", async () => {
        emulator.faults.inject({ shortLifeMs: 5 * 60_000 });
        const host = await start();
        const { message } = refused(await host.ask(withKey()));
        expect(message)
          .to.contain(host.spell("minRemainingValidity"))
          .and.match(/lives only (4m|5m)/);
      });

      it("ends within two seconds of being told to, in the middle of a slow exchange", async () => {
        emulator.faults.inject({ delayMs: 60_000 });
        const host = await start();
        const abort = new AbortController();
        const answer = host.ask(withKey(), abort.signal);
        while (emulator.faults.pending > 0) await new Promise((done) => setTimeout(done, 10));
        const began = performance.now();
        abort.abort();
        expect(isGiven(await answer)).to.equal(false);
        expect(performance.now() - began).to.be.lessThan(2000);
        emulator.faults.clear();
      });
    });

    it("says no token and no key anywhere, whatever happens", async () => {
      const host = await start();
      await host.ask(withKey());
      await host.ask({ ...withKey(), minRemainingValidity: "wrong" });
      emulator.faults.inject({ status: 401 });
      await host.ask({ ...withKey(), cache: "none" });
      emulator.faults.inject({ reset: "body" });
      await host.ask({ ...withKey(), cache: "none", retries: 0 });
      const canaries = [
        { name: "private key", value: key.private_key },
        ...emulator.issuedTokens.map(({ token }) => ({ name: "IAM token", value: token })),
      ];
      expect(host.said()).to.match(/minRemainingValidity|min_remaining_validity|min-remaining-validity/);
      expect(findCanaries(canaries, [{ where: "what it said", text: host.said() }])).to.deep.equal([]);
    });
  });
}

function given(answer: Answer): Given {
  if (isGiven(answer)) return answer;
  throw new Error(`expected a token, and was told: ${answer.message}`);
}

function refused(answer: Answer): Refused {
  if (!isGiven(answer)) return answer;
  throw new Error("expected a refusal, and was given a token");
}
