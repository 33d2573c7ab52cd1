import { spawn } from "node:child_process";
import { constants } from "node:os";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a program to its end in the foreground and answers its exit code, as a shell would; signals sent to us reach it too. */
export function runForeground(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  const forward = (signal) => child.kill(signal);
  FORWARDED.forEach((signal) => process.on(signal, forward));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      FORWARDED.forEach((name) => process.off(name, forward));
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs a program quietly; when it fails, shows what it printed and throws. */
export function runQuietly(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const printed = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  const stop = (signal) => {
    child.kill(signal);
    process.exitCode = 1;
  };
  FORWARDED.forEach((signal) => process.once(signal, stop));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      FORWARDED.forEach((signal) => process.off(signal, stop));
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(printed));
      reject(new Error(`${[command, ...args].join(" ")} ended with code ${code}; its output is above`));
    });
  });
}
