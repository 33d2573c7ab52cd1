import { OptionError } from "../words/errors";
import { nameOf, type Naming, say } from "../words/message";

/** Host names that can only mean this machine. */
const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/;

/** Whether a credential may be sent there: over TLS, or not leaving this machine. */
export function isSafeForCredentials({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

/**
 * A URL to which a credential may be sent: https, or a loopback address.
 * @param from names the option or variable in errors; the value is not shown, since its query may be a secret
 * @throws OptionError
 */
export function readServiceUrl(text: string, from: Naming, path: string): URL {
  if (!URL.canParse(text))
    throw new OptionError(say`${nameOf(from)} is not a URL. Write it like https://host/path.`, path);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw new OptionError(
      say`${nameOf(from)} has a user or a password in it. Write the URL without them.`,
      path,
    );
  if (isSafeForCredentials(url)) return url;
  throw new OptionError(
    say`${nameOf(from)} must use https: a credential goes there. Plain http is for loopback addresses only.`,
    path,
  );
}

/**
 * The root of a service: a URL without query, and without a slash at the end. `host[:port]` means https, as Yandex's own
 * tools write it.
 * @throws OptionError
 */
export function readRootUrl(text: string, from: Naming, path: string): string {
  const url = readServiceUrl(text.includes("://") ? text : `https://${text}`, from, path);
  if (url.search === "" && url.hash === "") return url.href.replace(/\/+$/, "");
  throw new OptionError(
    say`${nameOf(from)} has a query or a fragment in it. Write the URL without them.`,
    path,
  );
}
