// Prints one IAM token by nothing but Node's own modules: the least that a Node program can do.
const { constants, sign } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { request } = require("node:https");

const AUDIENCE = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function assertion() {
  const key = JSON.parse(readFileSync(process.env.YC_SERVICE_ACCOUNT_KEY_FILE, "utf8"));
  const now = Math.floor(Date.now() / 1000);
  const claims = { aud: AUDIENCE, iss: key.service_account_id, iat: now, exp: now + 3600 };
  const signed = `${part({ typ: "JWT", alg: "PS256", kid: key.id })}.${part(claims)}`;
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  // A line of warning comes before the key.
  const pem = key.private_key.slice(key.private_key.indexOf("-----BEGIN"));
  return `${signed}.${sign("sha256", signed, { key: pem, ...padding }).toString("base64url")}`;
}

const url = `${process.env.YCIAM_IAM_ENDPOINT}/iam/v1/tokens`;
const asked = request(url, { method: "POST", headers: { "content-type": "application/json" } }, (reply) => {
  let text = "";
  reply.on("data", (chunk) => (text += chunk));
  reply.on("end", () => {
    const { iamToken } = JSON.parse(text);
    if (iamToken === undefined) throw new Error(text);
    console.log(iamToken);
  });
});
asked.end(JSON.stringify({ jwt: assertion() }));
