// A token by a source of ours, or with BENCH_WAY=getIamToken by the SDK's function.
const { join } = require("node:path");
const { run } = require("./harness.js");

const root = join(__dirname, "../../..");
const manifest = require(join(root, "package.json"));
const load = (entry) => require(join(root, manifest.exports[entry].default));
const key = { serviceAccountKey: { file: process.env.YC_SERVICE_ACCOUNT_KEY_FILE } };

const ways = {
  createTokenSource() {
    const source = load("./token").createTokenSource(key);
    return async () => (await source.getToken()).token.reveal();
  },
  getIamToken() {
    const { getIamToken } = load(".");
    return async () => (await getIamToken(key)).token;
  },
};

void run(ways[process.env.BENCH_WAY ?? "createTokenSource"]());
