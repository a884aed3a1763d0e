// For `node --require`: a machine with two cores, and a line on standard error for each thread that starts.
const os = require("node:os");
const { basename } = require("node:path");
const threads = require("node:worker_threads");

os.availableParallelism = () => 2;
threads.Worker = class extends threads.Worker {
  constructor(file, options) {
    super(file, options);
    console.error(`thread: ${basename(file)}`);
  }
};
