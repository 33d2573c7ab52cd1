// Does with the official SDK what each line of standard input says, and answers each by a line of JSON. The SDK takes no
// address of IAM: `grpc_proxy` leads it to another, and GRPC_DEFAULT_SSL_ROOTS_FILE_PATH says whom to trust there.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const sdk = createRequire(join(process.env.NODE_SDK, "package.json"));
const { Session } = sdk("@yandex-cloud/nodejs-sdk");
const { iamTokenService } = sdk("@yandex-cloud/nodejs-sdk/iam-v1");
const { cloudService } = sdk("@yandex-cloud/nodejs-sdk/resourcemanager-v1");
const { status } = sdk("@grpc/grpc-js");
const { Settings } = sdk("luxon");

const key = JSON.parse(readFileSync(process.env.YC_SERVICE_ACCOUNT_KEY_FILE, "utf8"));
const session = new Session({
  serviceAccountJson: {
    accessKeyId: key.id,
    serviceAccountId: key.service_account_id,
    privateKey: key.private_key,
  },
});
const tokens = session.client(iamTokenService.IamTokenServiceClient);
const clouds = session.client(cloudService.CloudServiceClient);

const fingerprint = (token) => createHash("sha256").update(token).digest("hex").slice(0, 12);

const words = {
  clouds: async () => (await clouds.list(cloudService.ListCloudsRequest.fromPartial({}))).clouds[0].name,
  token: async () => fingerprint(await session.tokenCreator()),
  impersonate: async (serviceAccountId) =>
    fingerprint((await tokens.createForServiceAccount({ serviceAccountId })).iamToken),
  revoke: async () => (await tokens.revoke({ iamToken: await session.tokenCreator() })).subjectId,
  clock: (seconds) => {
    // The SDK reads the time by this library.
    Settings.now = () => Date.now() + Number(seconds) * 1000;
    return seconds;
  },
};

async function answer(line) {
  const [word, argument] = line.split(" ");
  try {
    return { result: await words[word](argument) };
  } catch (error) {
    // Its own error tells the code by name, in the text alone.
    const code = error.code ?? status[/ ([A-Z_]+): /.exec(error.message)?.[1]];
    return { code, message: error.details ?? error.message, requestId: error.requestId };
  }
}

async function main() {
  for await (const line of createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await answer(line)));
  // Its channels stay open.
  process.exit(0);
}

void main();
