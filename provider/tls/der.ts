/** The few ASN.1 types an X.509 certificate needs, as DER. Source: ITU-T X.690. */

const SEQUENCE = 0x30;
const SET = 0x31;
const UTC_TIME_ENDS = Date.UTC(2050, 0, 1);

/** Tag, length and content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

/** SEQUENCE of the given items. */
export const sequence = (...items: readonly Uint8Array[]): Buffer => der(SEQUENCE, ...items);

/** SET of the given items. */
export const set = (...items: readonly Uint8Array[]): Buffer => der(SET, ...items);

/** INTEGER from big-endian bytes, taken as they are: the caller keeps them minimal and the sign bit clear. */
export const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);

/** BOOLEAN true; false is always left out in DER where it is the default. */
export const yes = (): Buffer => der(0x01, Buffer.from([0xff]));

/** OCTET STRING. */
export const octets = (content: Uint8Array): Buffer => der(0x04, content);

/** BIT STRING; `unused` counts the trailing bits that do not belong to it. */
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);

/** UTF8String. */
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, "utf8"));

/** A context-specific tag `[number]`, holding other items when `constructed`. */
export const tagged = (number: number, content: Uint8Array, constructed = true): Buffer =>
  der((constructed ? 0xa0 : 0x80) | number, content);

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A certificate's time, whole seconds: UTCTime before 2050 and GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+/, "").replace(/[-:T]/g, "");
  return milliseconds < UTC_TIME_ENDS
    ? der(0x17, Buffer.from(digits.slice(2), "ascii"))
    : der(0x18, Buffer.from(digits, "ascii"));
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

function base128(value: number): number[] {
  const groups = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
  return groups;
}
