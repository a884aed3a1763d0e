// A reporter of jest: writes a record of each test file into the file that RECORDS names.
require("../../register.cjs");

const { readFileSync, writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { idleLines } = require("./executed-lines.ts");

module.exports = class Recorder {
  records = [];

  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onTestResult({ path }, { coverage = {}, numFailingTests, perfStats, testExecError }) {
    const sources = Object.entries(coverage).map(([source, covered]) => [
      relative(this.rootDir, source),
      idleLines(covered, readFileSync(source, "utf8")),
    ]);
    this.records.push({
      idle: Object.fromEntries(sources),
      isPassed: numFailingTests === 0 && testExecError === undefined,
      milliseconds: perfStats.runtime,
      test: relative(this.rootDir, path),
    });
  }

  onRunComplete() {
    writeFileSync(process.env.RECORDS, JSON.stringify(this.records));
  }
};
