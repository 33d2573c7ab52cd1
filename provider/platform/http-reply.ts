import type { Response } from "got";
import type { HttpReply, HttpRequest } from "../core/context";
import { ServiceError } from "../core/words/errors";
import { option, say } from "../core/words/message";
import { REDACTED, Secret } from "../core/words/secret";
import { parseHttpDate } from "./http-date";
import { describe } from "./http-errors";
import { cleaner, secretsOf } from "./said";

/** The headers that somebody reads; the others are not kept. */
const HEADERS = ["content-type", "x-request-id", "metadata-flavor"];

/**
 * The reply as the core gets it.
 * @param ageMs milliseconds since its headers came
 * @throws ServiceError for a redirect
 */
export function toReply(response: Response<string>, request: HttpRequest, ageMs: number): HttpReply {
  if (response.statusCode >= 300) throw redirectError(response, request);
  const serverTime = parseHttpDate(response.headers.date);
  return {
    status: response.statusCode,
    // Most replies are what they should be, and nobody asks for these.
    get headers() {
      return headersOf(response, request);
    },
    body: new Secret(response.body),
    ...(serverTime === undefined ? {} : { serverTime }),
    ageMs,
  };
}

function headersOf({ headers }: Response<string>, request: HttpRequest): HttpReply["headers"] {
  const clean = cleaner(request);
  const found = HEADERS.flatMap((name) => {
    const value = clean(headers[name]);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as HttpReply["headers"];
}

const CHECK = say`Check ${option("endpoint")}, ${option("iamEndpoint")} and any proxy.`;

function redirectError(response: Response, request: HttpRequest): ServiceError {
  const target = redirectTarget(response.headers.location ?? "", request);
  return new ServiceError(
    say`${describe(request)} was answered with a redirect to ${target}, which is not followed: a credential goes only where it was meant to go. ${CHECK}`,
    "reply",
    {
      status: response.statusCode,
      ...(response.headers["metadata-flavor"] === "Google" ? { isMetadata: true } : {}),
    },
  );
}

/** The host that a redirect names; hidden where it is made of something that was sent. */
function redirectTarget(location: string, request: HttpRequest): string {
  if (!URL.canParse(location, request.url)) return "an unknown place";
  const { host } = new URL(location, request.url);
  const written = /^(?:[a-z][-+.\w]*:)?\/\/([^/?#]*)/i.exec(location)?.[1] ?? "";
  if (written !== "" && cleaner(request)(written) !== written) return REDACTED;
  // A parsed host name is in small letters, and may be a part of a secret, such as one of the three parts of a JWT.
  const sent = secretsOf(request).map((secret) => secret.reveal().toLowerCase());
  const parts = sent.flatMap((secret) => secret.split(/[^-\w]+/)).filter((part) => part.length >= 16);
  return parts.some((part) => host.includes(part)) ? REDACTED : host;
}

/** The error for a reply that is longer than is read. */
export function tooLargeError(request: HttpRequest): ServiceError {
  return new ServiceError(
    say`${describe(request)} was answered with more than 64 KiB, which is no reply of Yandex Cloud. ${CHECK}`,
    "reply",
  );
}
