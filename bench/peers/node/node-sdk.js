// A token by the official Node SDK, which knows one address of IAM alone: here it is told another.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { run } = require("./harness.js");

const sdk = join(process.env.BENCH_NODE_SDK, "node_modules/@yandex-cloud/nodejs-sdk/dist");
require(join(sdk, "service-endpoints-map.json"))["yandex.cloud.iam.v1.IamTokenService"] =
  process.env.BENCH_GRPC;
const { IamTokenService } = require(join(sdk, "token-service/iam-token-service.js"));
require(sdk);

const key = JSON.parse(readFileSync(process.env.YC_SERVICE_ACCOUNT_KEY_FILE, "utf8"));
const service = new IamTokenService({
  accessKeyId: key.id,
  serviceAccountId: key.service_account_id,
  privateKey: key.private_key.slice(key.private_key.indexOf("-----BEGIN")),
});

// Its channel stays open.
void run(() => service.getToken()).then(() => process.exit(0));
