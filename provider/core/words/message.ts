import { hasMark } from "./copies";
import { hideTokens } from "./secret";

/** Turns an option's path (`serviceAccountKey.file`) into the way one host's users write it. */
export type Spelling = (path: string) => string;

/** The spelling of the SDK and the Pulumi plugin: the path as it is. */
export const camelCaseSpelling: Spelling = (path) => path;

const OPTION_MARK = Symbol.for("yciam.option");
const MESSAGE_MARK = Symbol.for("yciam.message");

/** An option named inside a message; the host decides how it is spelled. */
export class OptionRef {
  constructor(readonly path: string) {}

  static [Symbol.hasInstance](value: unknown): boolean {
    return hasMark(value, OPTION_MARK);
  }

  get [OPTION_MARK](): true {
    return true;
  }
}

/** Text for the user, in which options are still references. Made with {@link say}. */
export class Message {
  constructor(private readonly parts: readonly unknown[]) {}

  static [Symbol.hasInstance](value: unknown): boolean {
    return hasMark(value, MESSAGE_MARK);
  }

  get [MESSAGE_MARK](): true {
    return true;
  }

  /** The text with each option spelled as `spelling` says. */
  render(spelling: Spelling = camelCaseSpelling): string {
    const text = this.parts
      .map((part) => {
        if (part instanceof OptionRef) return spelling(part.path);
        return part instanceof Message ? part.render(spelling) : String(part);
      })
      .join("");
    // Names in messages come from users' files, where anything may have been pasted anywhere.
    return hideTokens(text);
  }

  toString(): string {
    return this.render();
  }
}

/** What messages may be given as; a plain string reads the same in every host. */
export type Text = string | Message;

/** A text as one host's users read it; whatever looks like a token in it is hidden. */
export function renderText(text: Text, spelling: Spelling): string {
  return typeof text === "string" ? hideTokens(text) : text.render(spelling);
}

/** Names an option in a message: ``say`set ${option("command.argv")}` ``. */
export function option(path: string): OptionRef {
  return new OptionRef(path);
}

/** The tag that makes a {@link Message}; it may hold options, other messages, strings and numbers. */
export function say(strings: TemplateStringsArray, ...values: (Text | OptionRef | number)[]): Message {
  return new Message(strings.flatMap((text, index) => (index === 0 ? [text] : [values[index - 1], text])));
}

/** Several messages as one, with a separator between them. */
export function joinText(texts: readonly (Text | OptionRef)[], separator: string): Message {
  return new Message(texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text])));
}
