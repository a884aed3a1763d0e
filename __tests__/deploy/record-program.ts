import { recordConstructs } from "./record-constructs";

// The lane loads this file before a program, which records nothing itself.
const write = recordConstructs();
process.once("exit", () => {
  write(".");
});
