// Tells a process's peak memory, in KiB, on standard error when it ends.
process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)));
