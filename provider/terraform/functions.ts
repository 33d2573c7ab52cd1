import { typeToJson } from "./cty/type";
import { type Parameter, type ProviderDefinition, type ProviderFunction } from "./definition";
import { ArgumentError } from "./errors";
import {
  type CallFunction_Request,
  type CallFunction_Response,
  type Function_Parameter,
  type FunctionMessage,
  StringKind,
} from "./generated/tfplugin6";
import { decodeValue, encodeValue } from "./values";

type Functions = Readonly<Record<string, ProviderFunction>>;

/** What is told of functions, by name. */
export function signatures(functions: Functions): Record<string, FunctionMessage> {
  return Object.fromEntries(Object.entries(functions).map(([name, row]) => [name, signature(row)]));
}

function signature({ summary, description, parameters, rest }: ProviderFunction): FunctionMessage {
  return {
    summary,
    description,
    descriptionKind: StringKind.MARKDOWN,
    parameters: parameters.map(wireParameter),
    variadicParameter: rest && wireParameter(rest),
    return: { type: typeToJson("string") },
  };
}

function wireParameter({ name, description }: Parameter): Function_Parameter {
  return { name, description, descriptionKind: StringKind.MARKDOWN, type: typeToJson("string") };
}

/** The call of a function. An error is said of an argument, where it is one's fault. */
export function calling<C>({ functions, translate }: ProviderDefinition<C>) {
  const call = ({ name = "", arguments: args = [] }: CallFunction_Request): CallFunction_Response => {
    const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (found === undefined) return { error: { text: `This provider has no function ${name}.` } };
    try {
      const texts = args.map((arg) => decodeValue("string", arg) as string);
      return { result: encodeValue("string", found.call(texts)) };
    } catch (error) {
      if (error instanceof ArgumentError)
        return { error: { text: error.message, functionArgument: error.index } };
      const { summary, detail } = translate(error);
      return { error: { text: detail ?? summary } };
    }
  };
  return { callFunction: async (request: CallFunction_Request) => call(request) };
}
