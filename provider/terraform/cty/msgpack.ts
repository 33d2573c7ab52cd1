import { Decoder, Encoder, ExtData, type ExtensionCodecType } from "@msgpack/msgpack";
import { UNKNOWN } from "./value";

/** Ext type 0 with one zero byte: the host's own shortest form. Source: go-cty `cty/msgpack/unknown.go`. */
const PLAIN_UNKNOWN = new ExtData(0, new Uint8Array(1));

/** Every extension is an unknown value: type 0 plain, type 12 with refinements; cty has no other. */
const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode: (value) => (value === UNKNOWN ? PLAIN_UNKNOWN : null),
  decode: () => UNKNOWN,
};

const encoder = new Encoder({ extensionCodec });
const decoder = new Decoder({ extensionCodec });

/** Raw data as msgpack, in the dialect of cty. */
export function pack(raw: unknown): Uint8Array {
  return encoder.encode(raw);
}

/**
 * Raw data from msgpack, with UNKNOWN for what is unknown.
 *
 * @throws when the bytes are not msgpack
 */
export function unpack(bytes: Uint8Array): unknown {
  return decoder.decode(bytes);
}
