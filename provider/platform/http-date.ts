/** The one form in which servers write dates today (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */
const FORM = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Milliseconds since the epoch of a `Date` header; undefined for anything else. `Date.parse` takes much more. */
export function parseHttpDate(header: string | undefined): number | undefined {
  const time = header !== undefined && FORM.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
