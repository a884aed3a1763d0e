// Stands for the stack trace that the framework takes of each token. A source map makes it slow, and no output has it.
exports.captureStackTrace = () => [];
exports.captureCreationStack = exports.captureStackTrace;
