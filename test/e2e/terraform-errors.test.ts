import { expect } from "chai";
import { type CliDiagnostic } from "../terraform/support/cli-project";
import { describeClis, REQUIRED } from "../terraform/support/clis";

const block = (head: string, ...lines: string[]) => [`${head} {`, ...lines, "}"].join("\n");
const inBoth = (make: (kind: string) => string) => ["data", "ephemeral"].map(make);

/** A provider of its own for each mistake, and one who needs it: one run of the CLI then finds them all. */
const provider = (name: string, body: string, said = "") =>
  [
    `data "yciam_token_info" "${name}" { # ${said}\n  provider = yciam.${name}\n}`,
    block(`provider "yciam"`, `alias = "${name}"`, body),
  ].join("\n");

const EMPTY = `service_account_id = "" # ! Invalid Option: impersonate.service_account_id is empty`;
const MISSPELLED = `service_acount_id = "" # ! I3: Unsupported argument ... Did you mean "service_account_id"`;
const NOBODY = "! Invalid Option ... impersonate.service_account_id is null or not written";
const SOON = `refresh_after = "soon" # ! Invalid Option: refresh_after is not a duration`;
const NONE = `service_account_id = var.nothing # ${NOBODY}`;
const CONTENT = block("content", "service_account_id = impersonate.value");
const SOMETIMES = block(`dynamic "impersonate"`, "for_each = var.nothing[*]", CONTENT);
const UNREACHABLE = `iam_endpoint = "http://127.0.0.1:1"\nretries = 0`;
const key = (value: string) => block("service_account_key", `json = ${value}`);

/** What a CLI has to say of a line stands behind that line: parts of it, with dots between them. */
const FOUND_BY_VALIDATE = [
  REQUIRED,
  provider(
    "wrong",
    `min_remaining_validity = "13h" # ! Invalid Option: min_remaining_validity is 12h or more`,
  ),
  provider("inside", block("impersonate", EMPTY)),
  provider("group", `yc_cli = {} # ! Unsupported argument ... define a block of type "yc_cli"`),
  provider("flie", block("service_account_key", `flie = "k.json" # ! I3: Unsupported argument ... "file"`)),
  ...inBoth((kind) => block(`${kind} "yciam_token" "wrong"`, SOON)),
  ...inBoth((kind) => block(`${kind} "yciam_token" "inside"`, block("impersonate", EMPTY))),
  ...inBoth((kind) => block(`${kind} "yciam_token" "misspelled"`, block("impersonate", MISSPELLED))),
  block(`ephemeral "yciam_token" "revoking"`, "revoke_on_close = true # ! R3, R4: Unsupported argument"),
].join("\n");

const FOUND_BY_PLAN = [
  REQUIRED,
  ...["nothing", "key", "deleted", "oauth"].map((name) => block(`variable "${name}"`, "default = null")),
  block(`resource "terraform_data" "later"`),
  block(`provider "yciam"`, block("oauth_token", "token = var.oauth")),
  provider("none", `resolvers = ["oauth_token", "yc_cli"]`, "! No Credential Found ...   oauthToken: "),
  provider("null", key("var.nothing"), "! No Credential Found: The resolver asked for ... account_key.json"),
  provider("unreachable", `${UNREACHABLE}\n${key("var.key")}`, "! Service Cannot Be Used ... 127.0.0.1:1"),
  provider("refused", key("var.deleted"), "! Credential Cannot Be Used ... service_account_key.json"),
  provider("unknown", key("terraform_data.later.id # ! Unknown Configuration Value ... account_key.json")),
  provider("nobody", `impersonate {} # ${NOBODY}`),
  ...inBoth((kind) => block(`${kind} "yciam_token" "nobody"`, block("impersonate", NONE))),
  ...inBoth((kind) => block(`${kind} "yciam_token" "sometimes"`, SOMETIMES)),
].join("\n");

const shown = ({ summary, detail }: CliDiagnostic) => `${summary}: ${detail}`;

describeClis("errors of yciam", ({ cloud, project }) => {
  let found: readonly CliDiagnostic[] = [];

  function expectAll(main: string): void {
    const wanted = main.split("\n").flatMap((text, at) => {
      const [, row = "", says = ""] = /# ! ((?:[A-Z]\d, )*[A-Z]\d: )?(.*)/.exec(text) ?? [];
      return says === "" ? [] : [{ line: at + 1, row, parts: says.split(" ... ") }];
    });
    for (const { line, row, parts } of wanted)
      it(`${row}shows in line ${line}: ${parts.join(", ")}`, () => {
        const said = found.filter(({ range }) => range?.start.line === line).map(shown);
        expect(said).to.have.length(1);
        for (const part of parts) expect(said[0]).to.contain(part);
      });
    it("shows no other", () => {
      expect(found.filter(({ severity }) => severity === "error")).to.have.length(wanted.length);
    });
  }

  describe("when they are validated", () => {
    before(async () => {
      found = await project(FOUND_BY_VALIDATE).diagnostics("validate");
    });
    expectAll(FOUND_BY_VALIDATE);
  });

  describe("when they are planned", () => {
    let secret = "";
    before(async () => {
      const { emulator, key: known } = cloud();
      const deleted = await emulator.createKey();
      emulator.deleteKey(deleted.id);
      secret = deleted.private_key.slice(100, 140);
      found = await project(FOUND_BY_PLAN).diagnostics("plan", {
        YC_SERVICE_ACCOUNT_KEY_FILE: "",
        YC_IAM_TOKEN: "t1.another.identity",
        TF_VAR_key: JSON.stringify(known),
        TF_VAR_deleted: JSON.stringify(deleted),
        TF_VAR_oauth: emulator.addOauthToken().token,
      });
    });
    expectAll(FOUND_BY_PLAN);

    it("warns of what the user must know, and shows no credential", () => {
      const all = found.map(shown).join("\n");
      expect(all).to.match(/^IAM Token: OAuth tokens of Yandex accounts/m);
      expect(all)
        .not.to.match(/PRIVATE KEY|t1\.another/)
        .and.not.contain(secret);
    });
  });
});
