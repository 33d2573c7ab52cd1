import { importPKCS8, SignJWT } from "jose";
import { type Emulator, type KeyFile } from "../../emulator";

/** What a call answered, in the parts that tests look at. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

/** Overrides of one part of an otherwise right assertion. */
export interface AssertionChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
}

/** Sends one request and reads the whole answer; a body that is no JSON leaves `body` empty. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Left empty: the test then looks at `text`.
  }
  return { status: response.status, headers: response.headers, body, text };
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

/** The PEM of a key file without its notice line, which jose does not skip. */
export function pemOf(key: KeyFile): string {
  return key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
}

/** An assertion as a right client makes it, or one wrong in one way. */
export async function assertion(
  emulator: Emulator,
  key: KeyFile,
  changes: AssertionChanges = {},
): Promise<string> {
  const iat = Math.floor(emulator.now() / 1000);
  const claims = {
    iss: key.service_account_id,
    aud: emulator.audience,
    iat,
    exp: iat + 3600,
    ...changes.claims,
  };
  const header = { typ: "JWT", alg: "PS256", kid: key.id, ...changes.header };
  return new SignJWT(claims).setProtectedHeader(header).sign(await importPKCS8(pemOf(key), header.alg));
}

/** Exchanges an assertion. */
export function exchange(emulator: Emulator, jwt: string): Promise<Answer> {
  return post(`${emulator.iamEndpoint}/iam/v1/tokens`, { jwt });
}

/** A valid IAM token of the key's account. */
export async function tokenFor(emulator: Emulator, key: KeyFile): Promise<string> {
  const { body } = await exchange(emulator, await assertion(emulator, key));
  return body["iamToken"] as string;
}
