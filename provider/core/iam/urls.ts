import { isSafeForCredentials } from "./endpoints";
import { OptionError } from "../words/errors";
import { type OptionRef, say, type Text } from "../words/message";

/**
 * A URL to which a credential may be sent: https, or a loopback address.
 * @param from names the option or variable in errors; the value is not shown, since its query may be a secret
 * @throws OptionError
 */
export function readServiceUrl(text: string, from: Text | OptionRef, path: string): URL {
  if (!URL.canParse(text))
    throw new OptionError(say`${from} is not a URL. Write it like https://host/path.`, path);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw new OptionError(say`${from} must be a URL without a user.`, path);
  if (isSafeForCredentials(url)) return url;
  throw new OptionError(
    say`${from} must use https: a credential goes there. Plain http is for loopback addresses only.`,
    path,
  );
}
