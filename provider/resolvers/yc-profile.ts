import { CredentialError } from "../core/words/errors";
import { keySource } from "../core/iam/key-source";
import { option, say, type Text } from "../core/words/message";
import {
  defineResolver,
  isUnavailable,
  type ResolverInput,
  unavailable,
  type Unavailable,
} from "../core/chain/resolver";
import type { TokenSource } from "../core/token/source";
import { Secret, shownName } from "../core/words/secret";
import { looksLikeIamToken } from "../core/token/token";
import { readBearer } from "./shared/bearer";
import { readFile, readFileIfThere } from "./shared/files";
import { metadataOf, metadataSource } from "./shared/metadata";
import { oauthSource } from "./shared/oauth";
import {
  describeConfig,
  parseYcConfig,
  pickProfile,
  PROFILE_REMEDY,
  ycConfigPath,
  type YcProfile,
} from "./shared/yc-config";

const options = {
  profile: {
    kind: "string",
    env: ["YCIAM_YC_PROFILE_PROFILE"],
    doc: "Name of the profile; by default the one in use, `current`.",
  },
  configFile: {
    kind: "path",
    env: ["YCIAM_YC_PROFILE_CONFIG_FILE"],
    default: "~/.config/yandex-cloud/config.yaml",
    doc: "Configuration file of yc.",
  },
} as const;

const OPTION = "ycProfile.configFile";

type Input = ResolverInput<typeof options>;

/** A credential that is written in a profile of the `yc` tool. */
export const ycProfile = defineResolver({
  name: "ycProfile",
  summary: "The key, OAuth token or instance identity that a profile of the `yc` tool holds.",
  options,
  async resolve(input) {
    const { options: given, source, context } = input;
    const path = given.configFile ?? ycConfigPath(context);
    const at = describeConfig(path, given.configFile === undefined ? undefined : source("configFile"));
    const text = await readConfigFile(path, input);
    if (text === undefined) return withoutConfig(path, input);
    const config = await parseYcConfig(text, at);
    const name = given.profile ?? config.current;
    if (name === undefined) return unavailable(say`${at} has no profile in use`, PROFILE_REMEDY);
    const from = given.profile === undefined ? say`\`current\`` : source("profile");
    return openProfile(pickProfile(config, name, from, at), { name, at }, input);
  },
});

interface Place {
  readonly name: string;
  readonly at: Text;
}

/** Undefined where yc was never set up; a file that was asked for must be there. */
function readConfigFile(path: string, input: Input) {
  return input.options.configFile === undefined
    ? readFileIfThere(path, { from: "yc", option: OPTION }, input)
    : readFile(path, { from: input.source("configFile"), option: OPTION }, input);
}

/** Where yc was never set up there is no credential; but a profile that was asked for must be there. */
function withoutConfig(path: string, { options: given, source }: Input): Unavailable {
  if (given.profile === undefined)
    return unavailable(`yc has no configuration here (${path})`, PROFILE_REMEDY);
  throw new CredentialError(
    say`${source("profile")} names the profile ${shownName(given.profile)}, but yc has no configuration here: there is no file ${path}. To mend it, ${PROFILE_REMEDY}.`,
    "ycProfile.profile",
  );
}

/** The credential in a profile: yc itself lets it have one of these kinds (iam-facts 4.5). */
async function openProfile(
  profile: YcProfile,
  place: Place,
  input: Input,
): Promise<TokenSource | Unavailable> {
  const key = profile["service-account-key"];
  const token = profile["token"];
  const ofInstance = [true, "true"].includes(profile["instance-service-account"] as boolean | string);
  const where = say`the profile ${shownName(place.name)} in ${place.at}`;
  if (key !== undefined || token !== undefined) checkInstallation(profile["endpoint"], where, input);
  if (key !== undefined) return keySource(key, say`service-account-key of ${where}`, "ycProfile", input.iam);
  if (token !== undefined) return oauthSource(readToken(token, where), input);
  if (ofInstance) return instanceSource(where, input);
  return withoutCredential(profile, place);
}

/** The profile says whose token is wanted: where there is none, the next resolver would be another identity. */
async function instanceSource(where: Text, input: Input): Promise<TokenSource> {
  // Without a choice the probe would be too short for a service that is said to be there.
  const answer = await metadataSource({ ...input, only: true }, metadataOf(input.context));
  if (!isUnavailable(answer)) return answer;
  throw new CredentialError(
    say`${where} takes the service account of this instance (instance-service-account), but ${answer.reason}. To mend it, ${answer.remedy}, or choose another profile with ${option("ycProfile.profile")}.`,
    "ycProfile",
  );
}

function readToken(raw: unknown, where: Text): Secret {
  const at = say`\`token\` of ${where}`;
  if (typeof raw !== "string") throw new CredentialError(say`${at} is not a string.`, "ycProfile");
  const token = readBearer(new Secret(raw), at, "ycProfile");
  if (!looksLikeIamToken(token.reveal())) return token;
  throw new CredentialError(
    say`${at} is an IAM token, which lives 12h at most; a profile is for credentials that last. Put it in YC_IAM_TOKEN, or sign in again with \`yc init\`.`,
    "ycProfile",
  );
}

/**
 * A profile may be for another installation than the one in use here. Its credential is then not sent: it would be
 * refused there, and an OAuth token would be shown to strangers.
 */
function checkInstallation(endpoint: unknown, where: Text, { iam }: Input): void {
  if (typeof endpoint !== "string" || endpoint.trim() === "") return;
  const hostOf = (text: string) => {
    const url = text.includes("://") ? text : `https://${text}`;
    return URL.canParse(url) ? new URL(url).host : text;
  };
  if (hostOf(endpoint) === hostOf(iam.endpoints.api)) return;
  throw new CredentialError(
    say`${where} is for the endpoint ${hostOf(endpoint)}, but ${hostOf(iam.endpoints.api)} is in use here. Set ${option("endpoint")} to ${hostOf(endpoint)}, or choose another profile with ${option("ycProfile.profile")}.`,
    "ycProfile",
  );
}

function withoutCredential(profile: YcProfile, { name, at }: Place): Unavailable {
  const federated = profile["federation-id"] !== undefined;
  return unavailable(
    say`the profile ${shownName(name)} in ${at} ${federated ? "is of a federated user, whose session yc alone can use" : "holds no credential of its own"}`,
    say`ask yc itself with ${option("ycCli")}, by naming it in ${option("resolvers")}`,
  );
}
