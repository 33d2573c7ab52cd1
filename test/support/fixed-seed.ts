// Loaded before all tests (.mocharc.yml): in CI the generated cases are the same each time, so that a change is judged
// by what it changed. Elsewhere each run makes new ones, and prints the seed of a failure.
import fc from "fast-check";

if ((process.env["CI"] ?? "") !== "") fc.configureGlobal({ seed: 20261124 });
