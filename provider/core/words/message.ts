import { hasMark } from "./copies";
import { hideTokens, withoutControls } from "./secret";

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

/** What messages are made of; a plain string reads the same in every host. */
export type Text = string | Message | OptionRef;

/** Text for the user, in which options are still references. Made with {@link say}. */
export class Message {
  constructor(private readonly parts: readonly Text[]) {}

  static [Symbol.hasInstance](value: unknown): boolean {
    return hasMark(value, MESSAGE_MARK);
  }

  get [MESSAGE_MARK](): true {
    return true;
  }

  /** The text with each option spelled as `spelling` says. */
  render(spelling: Spelling = camelCaseSpelling): string {
    return hideTokens(this.parts.map((part) => renderText(part, spelling)).join(""));
  }

  toString(): string {
    return this.render();
  }
}

/**
 * A text as one host's users read it. Whatever looks like a token in it is hidden: names in messages come from users'
 * files, where anything may have been pasted anywhere.
 */
export function renderText(text: Text, spelling: Spelling): string {
  if (text instanceof OptionRef) return spelling(text.path);
  return text instanceof Message ? text.render(spelling) : hideTokens(String(text));
}

/** Names an option in a message: ``say`set ${option("command.argv")}` ``. */
export function option(path: string): OptionRef {
  return new OptionRef(path);
}

/**
 * The tag that makes a {@link Message}; it may hold options, other messages, strings and numbers. A string loses its
 * control characters: a name in a user's file must not move the cursor of a terminal, nor begin a line of a log.
 */
export function say(strings: TemplateStringsArray, ...values: (Text | number)[]): Message {
  const shown = values.map((value) => (typeof value === "object" ? value : withoutControls(String(value))));
  return new Message(
    strings.flatMap((text, index) => (index === 0 ? [text] : [shown[index - 1] as Text, text])),
  );
}

/** Several messages as one, with a separator between them. */
export function joinText(texts: readonly Text[], separator: string): Message {
  return new Message(texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text])));
}

/** What messages call a thing: a text, or what makes one when it is needed, since most calls need none. */
export type Naming = Text | (() => Text);

/** The text of a {@link Naming}. */
export function nameOf(naming: Naming): Text {
  return typeof naming === "function" ? naming() : naming;
}
