// A token by a source of ours, or with BENCH_WAY=getIamToken by the SDK's function.
const { join } = require("node:path");
const { run } = require("./harness.js");

const sdk = join(__dirname, "../../../dist/sdk/nodejs");
const key = { serviceAccountKey: { file: process.env.YC_SERVICE_ACCOUNT_KEY_FILE } };

const ways = {
  createTokenSource() {
    const source = require(join(sdk, "token.js")).createTokenSource(key);
    return async () => (await source.getToken()).token.reveal();
  },
  getIamToken() {
    const { getIamToken } = require(join(sdk, "index.js"));
    return async () => (await getIamToken(key)).token;
  },
};

void run(ways[process.env.BENCH_WAY ?? "createTokenSource"]());
