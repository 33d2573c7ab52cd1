import { type AccessKeyOptions } from "../../app";
import { ACCESS_KEY_OPTIONS, readAccessKeyOptions } from "../../core/options/access-key";
import { ACCESS_KEY, type AccessKey } from "../../core/token/access-key";
import { type OutputSpecs } from "../../core/token/result";
import { UNKNOWN, type ObjectValue } from "../cty/value";
import { type EphemeralResource } from "../definition";
import { type DiagnosticError } from "../errors";
import { schema } from "../schema";
import { toConfig } from "./config";
import { diagnosed } from "./errors";
import { type Base, type Identity } from "./identity";
import { snakeCase } from "./names";
import { accessKeyParts, pickOverrides } from "./options";
import { outputsOf, valuesOf } from "./outputs";
import { type Dying, firstWarning, warn } from "./renewal";
import { validating } from "./validation";

const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = ACCESS_KEY;

/** The fields by the names that the AWS provider and the S3 backends give them. */
const ROWS: OutputSpecs = { accessKey: accessKeyId, secretKey: secretAccessKey, sessionToken, expiresAt };

const { attributes, blocks } = accessKeyParts();
const SCHEMA = schema({
  description:
    "An ephemeral access key of Object Storage, for what speaks AWS's protocol. It is in no state and in no plan, and it cannot be revoked.",
  attributes: [...attributes, ...outputsOf(ROWS)],
  blocks,
});

/** `ephemeral "yciam_access_key"`. Nothing is closed: IAM cannot revoke such a key. */
export function ephemeralAccessKey(base: Base): EphemeralResource<Identity> {
  const validateOptions = validating(SCHEMA.type, base, pickOverrides);
  return {
    schema: SCHEMA,
    validate: async (values, { signal }) => {
      const found = await validateOptions(values);
      const check = async () => void readAccessKeyOptions(keyOptions(values));
      const wrong = await diagnosed(SCHEMA.type, signal, check).catch(
        (error: DiagnosticError) => error.diagnostics,
      );
      return [...found, ...(wrong ?? [])];
    },
    open: (values, identity, call) =>
      diagnosed(SCHEMA.type, call.signal, async () => {
        const overrides = toConfig(pickOverrides(values));
        const options = keyOptions(values);
        const request = { for: "access key", ...options };
        const key = await identity.use(overrides, request, call, (app) =>
          app.getAccessKey(options, call.signal),
        );
        return { result: { ...values, ...valuesOf(ROWS, fieldsOf(key)) }, ...firstWarning(dying(key), base) };
      }),
    renew: async (bytes, _identity, call) => warn(bytes, base, call),
  };
}

/** What is said of the key, as far as it is known. */
function keyOptions(values: ObjectValue): AccessKeyOptions {
  const given = Object.keys(ACCESS_KEY_OPTIONS).map((name) => [name, values[snakeCase(name)]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== null && value !== UNKNOWN));
}

function fieldsOf({ accessKeyId: accessKey, secretAccessKey: secretKey, ...rest }: AccessKey) {
  return { accessKey, secretKey, ...rest };
}

function dying({ accessKeyId, expiresAt: end }: AccessKey): Dying {
  return { what: "Access Key", expiresAt: end, fields: { accessKeyId } };
}
