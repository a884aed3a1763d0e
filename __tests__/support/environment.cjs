const { TestEnvironment } = require("jest-environment-node");

let environment;

/** The environment of Node.js, once in each worker, because the modules that test files share have its classes. */
module.exports = class SharedEnvironment extends TestEnvironment {
  constructor(...args) {
    if (environment) {
      return environment;
    }
    super(...args);
    this.keys = new Set(Reflect.ownKeys(this.global));
    environment = this;
  }

  /** Deletes the globals that jest and a test file have set. */
  async teardown() {
    this.fakeTimersModern.dispose();
    Reflect.ownKeys(this.global)
      .filter((key) => !this.keys.has(key))
      .forEach((key) => delete this.global[key]);
  }
};
