// A token by jose and got as they come, unbundled, with one promise for all who ask.
import { readFile } from "node:fs/promises";
import got from "got";
import { importPKCS8, SignJWT } from "jose";
import harness from "./harness.js";

const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

async function exchange() {
  const key = JSON.parse(await readFile(process.env.YC_SERVICE_ACCOUNT_KEY_FILE, "utf8"));
  // A line of warning comes before the key.
  const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
  const jwt = await new SignJWT({})
    .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: key.id })
    .setAudience(AUDIENCE)
    .setIssuer(key.service_account_id)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(await importPKCS8(pem, "PS256"));
  const url = `${process.env.YCIAM_IAM_ENDPOINT}/iam/v1/tokens`;
  const { iamToken } = await got.post(url, { json: { jwt } }).json();
  return iamToken;
}

let held;
await harness.run(async () => (held ??= exchange()));
