import { type Client } from "@grpc/grpc-js";
import { showPath, type Step } from "../../../provider/terraform/cty/path";
import { type ObjectType } from "../../../provider/terraform/cty/type";
import { type ObjectValue } from "../../../provider/terraform/cty/value";
import {
  type Diagnostic,
  Diagnostic_Severity as Severity,
  type DynamicValue,
} from "../../../provider/terraform/generated/tfplugin6";
import { type Schema } from "../../../provider/terraform/schema";
import { decodeValue, encodeValue } from "../../../provider/terraform/values";
import { callProvider } from "./grpc-client";

/** A diagnostic as a test looks at it: `error` or `warning`, and the path as users write it. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly path: string;
}

/** What a call answered: the values, if it worked, and what was said. */
export interface Answered {
  readonly values: ObjectValue;
  readonly said: readonly Said[];
  readonly renewAt?: Date;
  readonly private?: Uint8Array;
}

type Blocks = Readonly<Record<string, { readonly schema: Schema }>>;

/** What a client has to know of a provider: its schemas. The first ephemeral resource is meant where none is named. */
interface Described {
  readonly schema: Schema;
  readonly dataSources: Blocks;
  readonly ephemeralResources: Blocks;
}

type Check =
  | "validateProviderConfig"
  | "configureProvider"
  | "validateDataResourceConfig"
  | "validateEphemeralResourceConfig";

/** Speaks to a provider as a host does. */
export class ProviderClient {
  readonly #ephemeral: string;

  constructor(
    private readonly definition: Described,
    private readonly client: Client,
  ) {
    this.#ephemeral = Object.keys(definition.ephemeralResources)[0] ?? "";
  }

  /** The schemas, as the host gets them. */
  schemas() {
    return callProvider(this.client, "getProviderSchema", {});
  }

  validate(values: ObjectValue): Promise<readonly Said[]> {
    return this.#check("validateProviderConfig", this.definition.schema, values);
  }

  configure(values: ObjectValue = {}): Promise<readonly Said[]> {
    return this.#check("configureProvider", this.definition.schema, values);
  }

  validateData(typeName: string, values: ObjectValue): Promise<readonly Said[]> {
    const { schema } = this.definition.dataSources[typeName]!;
    return this.#check("validateDataResourceConfig", schema, values, typeName);
  }

  validateEphemeral(values: ObjectValue, typeName = this.#ephemeral): Promise<readonly Said[]> {
    const { schema } = this.definition.ephemeralResources[typeName]!;
    return this.#check("validateEphemeralResourceConfig", schema, values, typeName);
  }

  async read(typeName: string, values: ObjectValue = {}): Promise<Answered> {
    const { type } = this.definition.dataSources[typeName]!.schema;
    const request = { typeName, config: encodeValue(type, values) };
    const { state, diagnostics } = await callProvider(this.client, "readDataSource", request);
    return { values: valuesOf(type, state), said: said(diagnostics) };
  }

  async open(values: ObjectValue = {}, typeName = this.#ephemeral): Promise<Answered> {
    const { type } = this.definition.ephemeralResources[typeName]!.schema;
    const request = { typeName, config: encodeValue(type, values) };
    const { result, ...rest } = await callProvider(this.client, "openEphemeralResource", request);
    return { values: valuesOf(type, result), ...renewal(rest) };
  }

  async renew(
    secret: Uint8Array = Buffer.of(),
    typeName = this.#ephemeral,
  ): Promise<Omit<Answered, "values">> {
    const request = { typeName, private: secret };
    return renewal(await callProvider(this.client, "renewEphemeralResource", request));
  }

  async close(): Promise<readonly Said[]> {
    const request = { typeName: this.#ephemeral };
    return said((await callProvider(this.client, "closeEphemeralResource", request)).diagnostics);
  }

  /** Calls a function with texts. */
  async callFunction(name: string, ...args: readonly string[]) {
    const request = { name, arguments: args.map((arg) => encodeValue("string", arg)) };
    const { result, error } = await callProvider(this.client, "callFunction", request);
    return error ?? decodeValue("string", result);
  }

  /** What the host sends on Ctrl-C. */
  async interrupt(): Promise<void> {
    await callProvider(this.client, "stopProvider", {});
  }

  async #check(
    method: Check,
    { type }: Schema,
    values: ObjectValue,
    typeName = "",
  ): Promise<readonly Said[]> {
    const request = { typeName, config: encodeValue(type, values) };
    return said((await callProvider(this.client, method, request)).diagnostics);
  }
}

function valuesOf(type: ObjectType, wire: DynamicValue | undefined): ObjectValue {
  return (decodeValue(type, wire) ?? {}) as ObjectValue;
}

interface Renewal {
  readonly renewAt?: Date | undefined;
  readonly private?: Uint8Array | undefined;
  readonly diagnostics?: Diagnostic[] | undefined;
}

function renewal({ renewAt, private: secret, diagnostics }: Renewal): Omit<Answered, "values"> {
  return { said: said(diagnostics), ...(renewAt && { renewAt }), ...(secret?.length && { private: secret }) };
}

function said(diagnostics: readonly Diagnostic[] = []): readonly Said[] {
  return diagnostics.map(({ severity, summary = "", detail = "", attribute }) => {
    const steps = (attribute?.steps ?? []).map(({ selector }): Step => {
      const { value = "" } = selector ?? {};
      return typeof value === "string" ? { attribute: value } : { index: Number(value) };
    });
    const level = severity === Severity.ERROR ? "error" : "warning";
    return { severity: level, summary, detail, path: showPath(steps) };
  });
}
