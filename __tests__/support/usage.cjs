// Prints the resources that a process has used when it ends, as JSON on standard error: seconds of the processors, and peak memory.
process.on("exit", () => {
  const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage();
  process.stderr.write(JSON.stringify({ mebibytes: maxRSS / 1024, seconds: (systemCPUTime + userCPUTime) / 1e6 }));
});
