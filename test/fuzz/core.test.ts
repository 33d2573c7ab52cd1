import { expect } from "chai";
import fc from "fast-check";
import { generateKeyPairSync } from "node:crypto";
import { CredentialError } from "../../provider/core/words/errors";
import { parseTime, readExpiresAt } from "../../provider/core/token/life";
import { readServiceAccountKey } from "../../provider/core/iam/keys";
import { readEntry, writeEntry } from "../../provider/core/token/entry";
import { Secret } from "../../provider/core/words/secret";
import { MAX_TOKEN_LIFE_MS } from "../../provider/core/token/token";

const RUNS = { numRuns: 2000 };
const NOW = Date.UTC(2026, 10, 24);

describe("fuzz: times in replies", () => {
  const text = fc.oneof(
    fc.string(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.stringMatching(/^[0-9]{1,5}-[0-9]{2}-[0-9]{2}T[0-9:.]{4,12}(?:Z|[+-][0-9]{2}:?[0-9]{2})?$/),
  );

  it("are a time with a zone, or none", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.anything()), (raw) => {
        const time = parseTime(raw);
        if (time === undefined) return;
        expect(Number.isFinite(time)).to.equal(true);
        expect(raw).to.match(/(?:Z|[+-]\d\d:\d\d)$/i);
      }),
      RUNS,
    );
  });

  it("never give a token a longer life than IAM grants, nor one that is over", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.anything()), (raw) => {
        const expiry = readExpiresAt(raw, NOW);
        if (typeof expiry === "number") expect(expiry).to.be.within(NOW + 1, NOW + MAX_TOKEN_LIFE_MS);
        else expect(expiry).to.match(/^has /);
      }),
      RUNS,
    );
  });
});

describe("fuzz: key files", () => {
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  const file = { id: "ajekey", service_account_id: "ajeaccount", private_key: pem };
  /** The key, or the error if it is of the class that may come; any other error goes on. */
  const read = (raw: unknown) => {
    try {
      return readServiceAccountKey(raw, "the file", "path");
    } catch (error) {
      if (error instanceof CredentialError) return error;
      throw error;
    }
  };
  /** No run of the key's body of 40 characters is in the text. */
  const assertSilent = (error: Error) => {
    const body = pem.split("\n").slice(1, -2).join("");
    const shown = `${error.message}${error.stack}${JSON.stringify(error)}`;
    for (let at = 0; at + 40 <= body.length; at += 20) expect(shown).not.to.include(body.slice(at, at + 40));
  };

  it("of any shape are a key, or a CredentialError", () => {
    const snake = ["id", "service_account_id", "private_key"];
    const field = fc.constantFrom(...snake, "key", "privateKey", "userAccountId");
    const value = fc.oneof(fc.anything(), fc.constantFrom(pem, "ajekey", { ...file }));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(field, value)), (raw) => {
        const end = read(raw);
        if (end instanceof Error) assertSilent(end);
        else expect(end.privateKey.asymmetricKeyType).to.equal("rsa");
      }),
      RUNS,
    );
  });

  it("with any character of the PEM lost, doubled or replaced are a key, or an error without a part of it", () => {
    fc.assert(
      fc.property(fc.nat(pem.length - 1), fc.string({ maxLength: 4 }), fc.nat(3), (at, put, cut) => {
        const end = read({ ...file, private_key: pem.slice(0, at) + put + pem.slice(at + cut) });
        if (end instanceof Error) assertSilent(end);
      }),
      { numRuns: 500 },
    );
  });
});

describe("fuzz: stored entries", () => {
  const good = {
    askedAt: NOW,
    token: { token: new Secret("t1.a.b"), issuedAt: NOW, expiresAt: NOW + 3_600_000, subjectId: "aje" },
  };

  it("of any text are an entry with a token and a time, or none", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.anything().map((value) => JSON.stringify(value) ?? ""),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const entry = readEntry(raw);
        if (entry === undefined) return;
        expect(entry.token.token.reveal()).not.to.equal("");
        expect(Number.isFinite(entry.token.expiresAt)).to.equal(true);
      }),
      RUNS,
    );
  });

  it("with any of their fields replaced are an entry of the right types, or none", () => {
    const fields = JSON.parse(writeEntry({ ...good, offsetMs: 0 })) as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(fields)), fc.anything(), (name, value) => {
        const entry = readEntry(JSON.stringify({ ...fields, [name]: value }));
        if (entry === undefined) return;
        const { subjectId, issuedAt = 1, expiresAt } = entry.token;
        for (const number of [entry.askedAt, issuedAt, expiresAt, entry.offsetMs])
          expect(number).to.be.a("number");
        expect(["string", "undefined"]).to.include(typeof subjectId);
      }),
      RUNS,
    );
  });
});
