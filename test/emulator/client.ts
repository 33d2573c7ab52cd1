import { SignJWT } from "jose";
import { createHash, createPrivateKey } from "node:crypto";
import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import { type Emulator, type EmulatorOptions, type KeyFile, startEmulator } from "../../emulator";
import { DEFAULT_SETTINGS, withDefaults } from "../../emulator/settings";
import { tryParseObject } from "../../provider/core/words/json";

/** What a call answered, in the parts that tests look at. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Readonly<Record<string, unknown>>;
  text: string;
}

/** Overrides of one part of an otherwise right assertion. */
export interface AssertionChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
}

/** An emulator and a key of it. */
export interface Bench {
  readonly emulator: Emulator;
  readonly key: KeyFile;
}

/** One emulator and key for the tests of the suite it is called in, with settings and requests as new for each test. */
export function useEmulator(options: EmulatorOptions = {}): Bench {
  const bench = {} as { emulator: Emulator; key: KeyFile };
  before(async () => {
    bench.emulator = await startEmulator(options);
    bench.key = await bench.emulator.createKey();
  });
  beforeEach(() => Object.assign(bench.emulator, withDefaults(DEFAULT_SETTINGS, options)).reset());
  after(() => bench.emulator.close());
  return bench;
}

/** Sends one request and reads the whole answer; a body that is no JSON leaves `body` empty. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: tryParseObject(text) ?? {}, text };
}

/** Sends a request line byte for byte; all that came back until the connection ended, cleanly or not. */
export function raw(url: string, line: string): Promise<string> {
  let received = "";
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  socket.on("error", () => undefined).on("data", (data: Buffer) => (received += data.toString()));
  return new Promise((resolve) => socket.once("close", () => resolve(received)));
}

/** Posts JSON. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { "content-type": "application/json", ...headers };
  return call(url, { method: "POST", headers: all, body: JSON.stringify(body) });
}

/** A header that presents a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The list of clouds, which only a valid token opens. */
export function clouds({ emulator }: Bench, headers: Record<string, string>): Promise<Answer> {
  return call(`${emulator.url}/resource-manager/v1/clouds`, { headers });
}

/** An assertion as a right client makes it, or one wrong in one way. */
export async function assertion({ emulator, key }: Bench, changes: AssertionChanges = {}): Promise<string> {
  const iat = Math.floor(emulator.now() / 1000);
  const iss = key.service_account_id;
  const claims = { iss, aud: emulator.audience, iat, exp: iat + 3600, ...changes.claims };
  const header = { typ: "JWT", alg: "PS256", kid: key.id, ...changes.header };
  return new SignJWT(claims).setProtectedHeader(header).sign(createPrivateKey(key.private_key));
}

/** Exchanges an assertion, by default a right one. */
export async function exchange(bench: Bench, jwt?: string): Promise<Answer> {
  return post(`${bench.emulator.iamEndpoint}/iam/v1/tokens`, { jwt: jwt ?? (await assertion(bench)) });
}

/** A valid IAM token of the key's account. */
export async function tokenFor(bench: Bench): Promise<string> {
  return (await exchange(bench)).body["iamToken"] as string;
}

/** What tells tokens apart without showing them, as programs print it. */
export function fingerprint(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 12);
}

/** The variables that a shell has after it ran what the command printed. */
export function exportsIn(text: string): Record<string, string> {
  const lines = execFileSync("sh", ["-c", `${text}\nenv`], { env: { PATH: process.env.PATH } }).toString();
  const pairs = [...lines.matchAll(/^(\w+)=(.*)$/gm)].filter(([, name]) => text.includes(`export ${name}=`));
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}
