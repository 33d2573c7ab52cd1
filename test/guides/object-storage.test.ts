import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCanaries } from "../support/canary";
import { engineFolders } from "../support/engine-env";
import { followGuide } from "../support/guides";
import { ok, runCommand } from "../support/run-command";
import { S3Server } from "../support/s3-server";
import { GuideWorld } from "./world";

const BUCKET = "my-bucket";

for (const cli of ["terraform", "tofu"] as const) {
  describe(`the guide to Object Storage, with a real S3 server and the real ${cli}`, function () {
    this.timeout(120_000);
    let storage: S3Server | undefined;
    let world: GuideWorld;

    before(async function () {
      this.timeout(20 * 60_000);
      const found = await Promise.all(([cli, "s3", "pulumi"] as const).map(engineFolders));
      if (found.includes(undefined)) {
        process.stderr.write(`    ${cli} or an S3 server is not on this machine: what needs it is skipped\n`);
        return this.skip();
      }
      const folders = found.flatMap((some) => some ?? []);
      storage = await S3Server.start(BUCKET, folders);
      world = await GuideWorld.create(folders, { onAccessKey: storage.learn });
    });
    after(() => Promise.all([world?.close(), storage?.stop()]));

    const reader = () => {
      const keyFile = { YC_SERVICE_ACCOUNT_KEY_FILE: join(world.home, "authorised.json") };
      const pulumi = { PULUMI_SKIP_UPDATE_CHECK: "1", PULUMI_CONFIG_PASSPHRASE: "x" };
      return { ...world.reader, env: { ...world.reader.env, ...keyFile, ...pulumi } };
    };

    it("is true from its first line to its last", async () => {
      world.write("authorised.json", JSON.stringify(await world.emulator.createKey()));
      const instead = {
        "https://storage.yandexcloud.net": storage?.url ?? "",
        "terraform init": `${cli} init`,
        "terraform apply": `${cli} apply`,
        "terraform output": `${cli} output`,
      };
      const [listed, byProgram, applied] = await followGuide("object-storage", { ...reader(), instead });
      expect(listed?.stdout).to.match(/ hello\.txt$/m);
      expect(byProgram?.stdout).to.equal("hello.txt\n");
      expect(applied?.stdout).to.include('"world"');
      const { stdout: keys } = ok(await runCommand(["python", "list.py"], reader()));
      expect(keys).to.include("network/terraform.tfstate").and.include("pulumi/.pulumi/meta.yaml");
      const last = world.emulator.issuedAccessKeys.at(-2);
      expect(last).to.include({ sessionName: "reader" });
      expect(JSON.parse(last?.policy ?? "")).to.have.property("Version");
    });

    it("needs no profile in `yciam exec`, which serves keys to AWS's clients", async function () {
      // There is a server of tokens on Linux alone.
      if (process.platform !== "linux") return this.skip();
      world.write(
        "main.tf",
        readFileSync(join(world.home, "main.tf"), "utf8").replace(/^ +profile .*\n/m, ""),
      );
      const made = world.emulator.issuedAccessKeys.length;
      const exec = async (...words: string[]) =>
        ok(await runCommand(["yciam", "exec", "--", ...words], reader()));
      await exec(cli, "init", "-input=false", "-reconfigure");
      expect((await exec(cli, "output", "hello")).stdout).to.include('"world"');
      const address = ["--endpoint-url", storage?.url ?? "", "--region", "ru-central1"];
      expect((await exec("aws", ...address, "s3", "ls", `s3://${BUCKET}`)).stdout).to.include("hello.txt");
      expect(world.emulator.issuedAccessKeys).to.have.length(made + 3);
    });

    it("leaves no key but where it was asked for", async () => {
      const files = readdirSync(world.home, { recursive: true, withFileTypes: true }).filter((file) =>
        file.isFile(),
      );
      const traces = files.map(({ parentPath, name }) => {
        return { where: name, text: readFileSync(join(parentPath, name), "latin1") };
      });
      const secrets = world.emulator.issuedAccessKeys.flatMap(({ secret, sessionToken }) => [
        { name: "secret", value: secret },
        { name: "session token", value: sessionToken },
      ]);
      expect(findCanaries(secrets, traces)).to.have.members([
        "secret in reader-key.json",
        "session token in reader-key.json",
      ]);
    });

    it("would fail with a wrong session token, a wrong secret or a key that is not known", async () => {
      const { accessKeyId, secret, sessionToken } = world.emulator.issuedAccessKeys[0] ?? {};
      const list = (AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN = "") => {
        const key = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
        const env = { ...world.reader.env, ...key, AWS_ENDPOINT_URL_S3: storage?.url ?? "" };
        return runCommand(["aws", "s3", "ls", "--region", "ru-central1"], { ...world.reader, env });
      };
      ok(await list(accessKeyId, secret, sessionToken));
      expect((await list(accessKeyId, secret, `${sessionToken}x`)).stderr).to.include("InvalidToken");
      expect((await list(accessKeyId, `${secret}x`, sessionToken)).stderr).to.include(
        "SignatureDoesNotMatch",
      );
      expect((await list("ajeunknown", secret, sessionToken)).stderr).to.include("InvalidAccessKeyId");
    });
  });
}
