import { join } from "node:path";
import type { Context } from "../../core/context";
import { CredentialError } from "../../core/words/errors";
import { isObject } from "../../core/words/json";
import { option, say, type Text } from "../../core/words/message";
import { type Secret, shownName } from "../../core/words/secret";

/** Properties of a profile, as `yc config set` writes them. */
export type YcProfile = Readonly<Record<string, unknown>>;

/** What is read of yc's config.yaml. */
export interface YcConfig {
  /** Name of the profile in use. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, YcProfile>>;
}

/** Where yc keeps its configuration: the same folder under the home folder on every system (iam-facts 4.5). */
export function ycConfigPath({ home }: Context): string {
  return join(home, ".config", "yandex-cloud", "config.yaml");
}

/**
 * Reads yc's config.yaml. The YAML library is loaded only here.
 * @param at names the file in errors
 * @throws CredentialError that names the line of a mistake, and never what is written there
 */
export async function parseYcConfig(text: Secret, at: Text): Promise<YcConfig> {
  const { LineCounter, parseDocument, visit } = await import("yaml");
  const lineCounter = new LineCounter();
  // Pretty errors would quote the line, and a line of this file may be a key.
  const document = parseDocument(text.reveal(), { lineCounter, prettyErrors: false, logLevel: "silent" });
  const fail = (offset: number, problem: string): never => {
    const { line } = lineCounter.linePos(offset);
    throw new CredentialError(
      say`${at} is not valid YAML: line ${line} (${problem}). Mend it, or write it anew with \`yc init\`.`,
      "ycProfile.configFile",
    );
  };
  const [mistake] = document.errors;
  if (mistake !== undefined) return fail(mistake.pos[0], mistake.code);
  const anchors = new Set<string>();
  visit(document, {
    // An alias to what stands nowhere before it is no mistake to the parser.
    Alias: (_, { source, range }) => {
      if (!anchors.has(source)) fail(range?.[0] ?? 0, "UNKNOWN_ALIAS");
    },
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
  });
  return readConfig(toValue(document), at);
}

function readConfig(raw: unknown, at: Text): YcConfig {
  if (raw === null) return { profiles: {} };
  const config = isObject(raw) ? raw : undefined;
  const profiles = config?.["profiles"] ?? {};
  if (config === undefined || !isObject(profiles)) {
    throw new CredentialError(
      say`${at} is not a configuration of yc: it must be a mapping with \`current\` and \`profiles\`.`,
      "ycProfile.configFile",
    );
  }
  const current = config["current"];
  const known = Object.entries(profiles).map(([name, value]) => [name, isObject(value) ? value : {}]);
  return {
    profiles: Object.fromEntries(known) as YcConfig["profiles"],
    ...(typeof current === "string" && current !== "" ? { current } : {}),
  };
}

/**
 * The profile of this name.
 * @param from names what asked for it: an option, a variable, or the file's `current`
 * @throws CredentialError that lists the profiles there are
 */
export function pickProfile(config: YcConfig, name: string, from: Text, at: Text): YcProfile {
  const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const names = Object.keys(config.profiles);
  const there = names.length === 0 ? "no profile at all" : `only: ${names.map(shownName).join(", ")}`;
  throw new CredentialError(
    say`${from} names the profile ${shownName(name)}, but ${at} has ${there}.`,
    "ycProfile.profile",
  );
}

/** An alias that swells without end is seen only here. */
function toValue(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** The file in words, for messages: the option that names it, or the place where yc keeps it. */
export function describeConfig(path: string, from: Text | undefined): Text {
  return from === undefined ? `yc's configuration (${path})` : say`the file of ${from} (${path})`;
}

/** What a user can do who has no profile. */
export const PROFILE_REMEDY = say`run \`yc init\`, or set ${option("ycProfile.configFile")}`;
