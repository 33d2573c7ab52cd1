import { type Client } from "@grpc/grpc-js";
import { showPath } from "../../../provider/terraform/cty/path";
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

/** What a client has to know of a provider: its schemas. It has one ephemeral resource. */
interface Described {
  readonly schema: Schema;
  readonly dataSources: Blocks;
  readonly ephemeralResources: Blocks;
}

/** Speaks to a provider as a host does. */
export class ProviderClient {
  constructor(
    private readonly definition: Described,
    private readonly client: Client,
  ) {}

  /** The schemas, as the host gets them. */
  schemas() {
    return callProvider(this.client, "getProviderSchema", {});
  }

  async validate(values: ObjectValue): Promise<readonly Said[]> {
    const config = encodeValue(this.definition.schema.type, values);
    return said((await callProvider(this.client, "validateProviderConfig", { config })).diagnostics);
  }

  async configure(values: ObjectValue = {}): Promise<readonly Said[]> {
    const config = encodeValue(this.definition.schema.type, values);
    return said((await callProvider(this.client, "configureProvider", { config })).diagnostics);
  }

  async validateData(typeName: string, values: ObjectValue): Promise<readonly Said[]> {
    const config = encodeValue(this.#data(typeName), values);
    const request = { typeName, config };
    return said((await callProvider(this.client, "validateDataResourceConfig", request)).diagnostics);
  }

  async read(typeName: string, values: ObjectValue = {}): Promise<Answered> {
    const type = this.#data(typeName);
    const request = { typeName, config: encodeValue(type, values) };
    const { state, diagnostics } = await callProvider(this.client, "readDataSource", request);
    return { values: valuesOf(type, state), said: said(diagnostics) };
  }

  async validateEphemeral(values: ObjectValue): Promise<readonly Said[]> {
    const { typeName, type } = this.#ephemeral();
    const request = { typeName, config: encodeValue(type, values) };
    return said((await callProvider(this.client, "validateEphemeralResourceConfig", request)).diagnostics);
  }

  async open(values: ObjectValue = {}): Promise<Answered> {
    const { typeName, type } = this.#ephemeral();
    const request = { typeName, config: encodeValue(type, values) };
    const { result, diagnostics, ...rest } = await callProvider(
      this.client,
      "openEphemeralResource",
      request,
    );
    return { values: valuesOf(type, result), said: said(diagnostics), ...present(rest) };
  }

  async renew(secret?: Uint8Array): Promise<Omit<Answered, "values">> {
    const { typeName } = this.#ephemeral();
    const request = { typeName, ...(secret && { private: secret }) };
    const { diagnostics, ...rest } = await callProvider(this.client, "renewEphemeralResource", request);
    return { said: said(diagnostics), ...present(rest) };
  }

  async close(): Promise<readonly Said[]> {
    const { typeName } = this.#ephemeral();
    return said((await callProvider(this.client, "closeEphemeralResource", { typeName })).diagnostics);
  }

  /** What the host sends on Ctrl-C. */
  async interrupt(): Promise<void> {
    await callProvider(this.client, "stopProvider", {});
  }

  #data(typeName: string): ObjectType {
    return this.definition.dataSources[typeName]!.schema.type;
  }

  #ephemeral(): { typeName: string; type: ObjectType } {
    const [[typeName, { schema }]] = Object.entries(this.definition.ephemeralResources) as [Entry];
    return { typeName, type: schema.type };
  }
}

type Entry = [string, Blocks[string]];

function valuesOf(type: ObjectType, wire: DynamicValue | undefined): ObjectValue {
  return (decodeValue(type, wire) ?? {}) as ObjectValue;
}

function present({
  renewAt,
  private: secret,
}: {
  renewAt?: Date | undefined;
  private?: Uint8Array | undefined;
}) {
  return { ...(renewAt && { renewAt }), ...(secret?.length && { private: secret }) };
}

function said(diagnostics: readonly Diagnostic[] = []): readonly Said[] {
  return diagnostics.map(({ severity, summary = "", detail = "", attribute }) => ({
    severity: severity === Severity.ERROR ? "error" : "warning",
    summary,
    detail,
    path: showPath(
      (attribute?.steps ?? []).map(({ selector }) => {
        const value = selector?.value ?? "";
        return typeof value === "string" ? { attribute: value } : { index: Number(value) };
      }),
    ),
  }));
}
