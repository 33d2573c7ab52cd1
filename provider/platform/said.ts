import type { HttpRequest } from "../core/context";
import { hideTokens, oneLine, redact, Secret } from "../core/words/secret";

/** Only so much of what a service says is read: to search a long text for secrets is slow. Characters. */
const MAX_READ = 4096;
/** Only so much of it is shown. Characters. */
const MAX_SHOWN = 500;

/** The secrets that a request carries. */
export function secretsOf(request: HttpRequest): readonly Secret[] {
  return [request.headers, request.json, request.form].flatMap((values) =>
    Object.values(values ?? {}).filter((value): value is Secret => value instanceof Secret),
  );
}

/** Makes a function that makes a service's words safe to show: a service may echo what it was sent. */
export function cleaner(request: HttpRequest): (text: unknown) => string | undefined {
  const secrets = secretsOf(request).flatMap(spellings);
  const hide = (said: string) => hideTokens(redact(said, secrets));
  return (text) => {
    if (typeof text !== "string" || text.trim() === "") return undefined;
    // Hidden twice: a secret may have line breaks of its own, and characters that are not seen may stand inside one.
    return hide(oneLine(hide(beginning(text)))).slice(0, MAX_SHOWN) || undefined;
  };
}

/** The first words of a long text; it ends between two words, so that no secret is cut in two. */
function beginning(text: string): string {
  if (text.length <= MAX_READ) return text;
  const start = text.slice(0, MAX_READ);
  return start.slice(0, Math.max(0, start.search(/\s\S*$/)));
}

/** A secret as it may come back: whole, without the scheme, escaped as in a form, a URL or JSON, or in Base64. */
function spellings(secret: Secret): readonly Secret[] {
  const whole = secret.reveal();
  const bare = whole.replace(/^Bearer /, "");
  const escaped = [
    new URLSearchParams({ "": bare }).toString().slice(1),
    encodeURIComponent(bare),
    JSON.stringify(bare).slice(1, -1),
    Buffer.from(bare).toString("base64").replace(/=+$/, ""),
  ];
  return [whole, bare, ...escaped].map((text) => new Secret(text));
}
