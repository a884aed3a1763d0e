import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCOPE = "@redshift-kms";

/** A private registry on loopback, of one user. It asks no other registry. */
export class PrivateRegistry {
  private readonly directory = mkdtempSync(join(tmpdir(), "registry-"));
  private port = 0;
  private server: ChildProcess | undefined;
  private token = "";

  /** Starts it, and makes its user. */
  public async start(): Promise<void> {
    this.port = await freePort();
    const config = join(this.directory, "config.yaml");
    writeFileSync(
      config,
      JSON.stringify({
        auth: { htpasswd: { file: join(this.directory, "htpasswd"), max_users: 1 } },
        log: { format: "pretty", level: "warn", path: join(this.directory, "log"), type: "file" },
        packages: { [`${SCOPE}/*`]: { access: "$authenticated", publish: "$authenticated" } },
        self_path: this.directory,
        storage: join(this.directory, "storage"),
        web: { enable: false },
      }),
    );
    mkdirSync(join(this.directory, "storage"));
    this.server = spawn(
      process.execPath,
      [require.resolve("verdaccio/bin/verdaccio"), "--config", config, "--listen", this.address],
      { stdio: "ignore" },
    );
    process.once("exit", () => this.server?.kill("SIGKILL"));
    await this.ping();
    const name = "publisher";
    const response = await fetch(`http://${this.address}/-/user/org.couchdb.user:${name}`, {
      body: JSON.stringify({ name, password: `${process.pid}-${this.port}` }),
      headers: { "content-type": "application/json" },
      method: "PUT",
    });
    ({ token: this.token } = (await response.json()) as { token: string });
  }

  /** Ends the process, and removes what it kept. */
  public async stop(): Promise<void> {
    if (this.server?.exitCode === null) {
      const ended = new Promise((resolve) => this.server!.once("exit", resolve));
      this.server.kill("SIGKILL");
      await ended;
    }
    rmSync(this.directory, { force: true, recursive: true });
  }

  /** The variables that the documented .npmrc takes from the environment. */
  public get env(): Readonly<Record<string, string>> {
    return { NPM_REGISTRY: `${this.address}/`, NPM_TOKEN: this.token };
  }

  private get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  private async ping(): Promise<void> {
    for (let tries = 0; tries < 120; tries += 1) {
      const answered = await fetch(`http://${this.address}/-/ping`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (answered) {
        return;
      }
      if (this.server!.exitCode !== null) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`the registry does not answer: ${readFileSync(join(this.directory, "log"), "utf8")}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
