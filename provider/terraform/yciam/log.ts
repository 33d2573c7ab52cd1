import { type Log } from "../../core/context";
import { type CallContext } from "../definition";
import { type Logger } from "../plugin/log";

/**
 * Writes the core's log to the plugin's, which is seen with TF_LOG.
 *
 * @param warn shows the warnings to a user, too
 */
export function coreLog(logger: Logger, warn?: CallContext["warn"]): Log {
  return {
    debug: (message, fields) => logger.debug(message, fields),
    warn: (message, fields) => {
      logger.warn(message, fields);
      warn?.({ summary: "IAM Token", detail: sentence(message) });
    },
  };
}

function sentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return text.endsWith(".") ? text : `${text}.`;
}
