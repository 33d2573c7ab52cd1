import type { AppConfig } from "../app";
import { isSecretOption, type OptionSpecs } from "../core/options/options";
import { isObject } from "../core/words/json";
import type { Input, Inputs } from "../inputs";
import { groups, isSecretGroup, settings } from "../rows";
import { fromWire, isProperties, open, openAll, type Properties, seal, type Value } from "./values";

/** Properties of a provider that the engine keeps there for itself. */
const RESERVED = ["version", "pluginDownloadURL"];

/** Kinds of options whose values are strings. All other values reach a provider's configuration as JSON. */
const TEXTUAL = ["string", "path", "url", "secret", "enum", "duration"];

/** Seals every option that must not be shown, whether the user marked it or not. */
export function sealSecrets(inputs: Properties): Properties {
  return mapEntries(inputs, (name, value) => {
    if (!isSecretGroup(name)) return value;
    if (!isProperties(value)) return seal(value);
    const specs = optionsOf(name);
    return mapEntries(value, (key, inner) => {
      const spec = specs[key];
      return spec === undefined || isSecretOption(spec) ? seal(inner) : inner;
    });
  });
}

/**
 * Properties without their marks, as the rest of the product takes them. Pulumi's Python SDK hands over the keys of
 * dictionaries as they stand in the program: in snake_case.
 */
export function toInputs(properties: Properties): Inputs {
  return Object.fromEntries(
    Object.entries(openAll(properties)).map(([name, value]) => [name, inCamelCase(name, value)]),
  );
}

function inCamelCase(group: string, value: Input): Input {
  if (!isObject(value)) return value;
  const known = optionsOf(group);
  const camelCase = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const rename = (key: string) => (camelCase(key) in known ? camelCase(key) : key);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [rename(key), inner]));
}

function optionsOf(name: string): OptionSpecs {
  return groups.find((group) => group.name === name)?.options ?? {};
}

/**
 * Reads a provider's configuration as options. Pulumi's SDKs and stack configuration hand over everything that is no
 * string as JSON.
 */
export function readProviderConfig(inputs: Properties): Properties {
  const own = Object.entries(inputs).filter(([name]) => !RESERVED.includes(name) && !name.startsWith("__"));
  return Object.fromEntries(own.map(([name, value]) => [name, isText(name) ? value : parse(value)]));
}

function isText(name: string): boolean {
  const spec = settings[name];
  return spec !== undefined && TEXTUAL.includes(spec.kind);
}

function parse(value: Value): Value {
  const text = open(value);
  if (typeof text !== "string") return value;
  try {
    return fromWire(JSON.parse(text));
  } catch {
    // Whoever reads the option says what is wrong with it.
    return value;
  }
}

/**
 * Puts a call's options over those of its provider. A call that names a credential replaces the provider's whole choice,
 * impersonation included, because a token of an identity that nobody asked for is the worst outcome.
 */
export function mergeConfig(provider: AppConfig, call: AppConfig): AppConfig {
  const choice = (name: string) => !(name in settings) || name === "resolvers";
  const chooses = Object.keys(call).some((name) => choice(name) && name !== "impersonate");
  const inherited = Object.entries(provider).filter(([name]) => !chooses || !choice(name));
  return { ...Object.fromEntries(inherited), ...call };
}

function mapEntries(properties: Properties, map: (name: string, value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, map(name, value)]));
}
