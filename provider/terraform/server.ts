import { showPath } from "./cty/path";
import { firstUnknown, type ObjectValue } from "./cty/value";
import { type ProviderDefinition, type Renewed, type Validate } from "./definition";
import { DiagnosticError } from "./errors";
import { type DynamicValue, ProviderDefinition as ProviderService } from "./generated/tfplugin6";
import { bind, type Call, type Handlers, type Method } from "../grpc/service";
import { Configurations } from "./configurations";
import { calling, signatures } from "./functions";
import { createRunner, type Runner } from "./runner";
import { type Schema } from "./schema";
import { decodeObjectValue, encodeObjectValue, encodeValue } from "./values";

/** The methods of protocol 6 for a provider's definition, by path. */
export function createProviderMethods<C>(definition: ProviderDefinition<C>): Map<string, Method> {
  // A plugin that runs for debugging serves many runs, each by a connection of its own: one that stops stops no other.
  const interruptions = new WeakMap<object, AbortController>();
  const interruptionOf = (connection: object): AbortController => {
    const known = interruptions.get(connection) ?? new AbortController();
    interruptions.set(connection, known);
    return known;
  };
  const runner = createRunner(definition.translate, (connection) => interruptionOf(connection).signal);
  return bind(ProviderService, {
    ...describing(definition),
    ...validating(definition, runner),
    ...calling(definition),
    ...working(definition, runner),
    stopProvider: async (_request, { connection }) => {
      interruptionOf(connection).abort(
        new DiagnosticError({ summary: "Interrupted", detail: "The run was interrupted." }),
      );
      return {};
    },
  });
}

type Service = Handlers<typeof ProviderService>;

/** Answers that need no configuration. */
function describing<C>(definition: ProviderDefinition<C>) {
  const { dataSources, ephemeralResources, functions } = definition;
  const serverCapabilities = { getProviderSchemaOptional: true };
  const names = (of: object) => Object.keys(of).map((typeName) => ({ typeName }));
  return {
    getMetadata: async () => ({
      serverCapabilities,
      dataSources: names(dataSources),
      ephemeralResources: names(ephemeralResources),
      functions: Object.keys(functions).map((name) => ({ name })),
    }),
    getProviderSchema: async () => ({
      serverCapabilities,
      provider: definition.schema.wire,
      dataSourceSchemas: wires(dataSources),
      ephemeralResourceSchemas: wires(ephemeralResources),
      functions: signatures(functions),
    }),
    getResourceIdentitySchemas: async () => ({ identitySchemas: {} }),
    getFunctions: async () => ({ functions: signatures(functions) }),
  } satisfies Partial<Service>;
}

function wires(of: Readonly<Record<string, { readonly schema: Schema }>>) {
  return Object.fromEntries(Object.entries(of).map(([name, { schema }]) => [name, schema.wire]));
}

interface Validated {
  readonly schema: Schema;
  readonly validate?: Validate;
}

function validating<C>(definition: ProviderDefinition<C>, { run }: Runner) {
  const { dataSources, ephemeralResources } = definition;
  const check = (found: () => Validated, config: DynamicValue | undefined, call: Call) =>
    run(call, async (context, report) => {
      const { schema, validate } = found();
      report((await validate?.(decodeObjectValue(schema.type, config), context)) ?? []);
      return {};
    });
  return {
    validateProviderConfig: ({ config }, call) => check(() => definition, config, call),
    validateDataResourceConfig: ({ typeName, config }, call) =>
      check(() => find(dataSources, typeName), config, call),
    validateEphemeralResourceConfig: ({ typeName, config }, call) =>
      check(() => find(ephemeralResources, typeName), config, call),
  } satisfies Partial<Service>;
}

/** Configuration, and the calls that need it. */
function working<C>(definition: ProviderDefinition<C>, { run, finish }: Runner) {
  const configurations = new Configurations<C>();
  const configured = ({ connection }: Call): C => {
    const found = configurations.find(connection);
    if (found) return found.made;
    throw new DiagnosticError({ summary: "Provider Not Configured", detail: "The host skipped a step." });
  };
  const ephemeral = (typeName: string | undefined) => find(definition.ephemeralResources, typeName);
  return {
    configureProvider: ({ config }, call) =>
      run(call, async (context) => {
        const known = decodeKnown(definition.schema, config);
        configurations.set(call.connection, await definition.configure(known, context));
        return {};
      }),
    readDataSource: ({ typeName, config }, call) =>
      run(call, async (context) => {
        const { schema, read } = find(definition.dataSources, typeName);
        const state = await read(decodeKnown(schema, config), configured(call), context);
        return { state: encodeObjectValue(schema.type, state) };
      }),
    openEphemeralResource: ({ typeName, config }, call) =>
      run(call, async (context) => {
        const { schema, open } = ephemeral(typeName);
        const opened = await open(decodeKnown(schema, config), configured(call), context);
        return { result: encodeValue(schema.type, opened.result), ...renewal(opened) };
      }),
    renewEphemeralResource: ({ typeName, private: secret }, call) =>
      finish(call, async (context) =>
        renewal((await ephemeral(typeName).renew?.(secret, configured(call), context)) ?? {}),
      ),
    closeEphemeralResource: async () => ({}),
  } satisfies Partial<Service>;
}

function renewal({ renewAt, private: secret }: Renewed) {
  if (renewAt && Number.isNaN(renewAt.getTime())) throw new TypeError("the time of renewal is not a date");
  return { renewAt, private: secret };
}

/** A host keeps what a provider answers to an unknown value, so nothing is answered to one. */
function decodeKnown({ type }: Schema, config: DynamicValue | undefined): ObjectValue {
  const value = decodeObjectValue(type, config);
  const path = firstUnknown(value);
  if (!path) return value;
  throw new DiagnosticError({
    summary: "Unknown Configuration Value",
    detail:
      `The value of ${showPath(path) || "this configuration"} is not known yet: it comes from something that is ` +
      "only created during apply. What is read now would be kept with a wrong answer. Use a value known at plan " +
      "time, or apply what it comes from first (-target).",
    path,
  });
}

function find<T>(known: Readonly<Record<string, T>>, typeName = ""): T {
  const found = Object.hasOwn(known, typeName) ? known[typeName] : undefined;
  if (found) return found;
  throw new DiagnosticError({
    summary: "Unknown Type",
    detail: `This provider has no ${typeName || "such type"}.`,
  });
}
