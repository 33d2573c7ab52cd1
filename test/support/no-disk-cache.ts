// Loaded before all tests (.mocharc.yml): no test, and no program that a test starts, touches the user's real tokens.
// A test of the disk cache sets YCIAM_CACHE to disk for its own programs, and XDG_CACHE_HOME to a folder of its own.
process.env["YCIAM_CACHE"] = "memory";
