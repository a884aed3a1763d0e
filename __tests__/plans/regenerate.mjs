// Makes the plans of the folders here, or of those that are named, with the real terraform and AWS provider: applies before.tf
// or before.yaml if there is one, and plans every other configuration into NAME.plan.json. It needs a fresh AWS endpoint
// of loopback, which takes an access key ID for the name of a role:
//
//     AWS_ENDPOINT_URL=http://127.0.0.1:4566 node __tests__/plans/regenerate.mjs [FOLDER ...]
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(endpoint)) {
  console.error(`AWS_ENDPOINT_URL must be an address of loopback, got: ${endpoint}`);
  process.exit(1);
}
const credentials = { accessKeyId: "ExampleAdminRole", secretAccessKey: "any" };
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_REGION: "us-east-1",
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  CHECKPOINT_DISABLE: "1",
};

async function run(cwd, command, ...args) {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 28 });
  return stdout;
}

/** Puts a configuration into the directory in which terraform runs; returns the directory. */
async function place(directory, folder, source) {
  if (source.endsWith(".tf")) {
    for (const shared of ["provider.tf", "statements.tf"]) {
      copyFileSync(join(here, shared), join(directory, shared));
    }
    if (existsSync(join(folder, "modules"))) {
      cpSync(join(folder, "modules"), join(directory, "modules"), { recursive: true });
    }
    copyFileSync(join(folder, source), join(directory, "main.tf"));
    return directory;
  }
  copyFileSync(join(folder, source), join(directory, "warehouses.yaml"));
  await run(directory, process.execPath, "--require", join(root, "register.cjs"), join(root, "main.ts"));
  return join(directory, "cdktf.out", "stacks", readdirSync(join(directory, "cdktf.out", "stacks"))[0]);
}

async function make(name) {
  const folder = join(here, name);
  const directory = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    const sources = readdirSync(folder).filter((file) => /\.(tf|yaml)$/.test(file));
    const [before] = sources.filter((file) => file.startsWith("before."));
    if (before) {
      const stack = await place(directory, folder, before);
      await run(stack, "terraform", "init", "-input=false");
      await run(stack, "terraform", "apply", "-input=false", "-auto-approve");
    }
    for (const source of sources.filter((file) => file !== before)) {
      const stack = await place(directory, folder, source);
      await run(stack, "terraform", "init", "-input=false");
      await run(stack, "terraform", "plan", "-input=false", "-out=plan.out");
      const plan = JSON.parse(await run(stack, "terraform", "show", "-json", "plan.out"));
      // The rest of a plan is of one configuration; when it was made is of one run.
      delete plan.timestamp;
      writeFileSync(join(folder, `${parse(source).name}.plan.json`), `${JSON.stringify(plan)}\n`);
      console.log(`${name}/${source}: ${plan.resource_changes.length} resources`);
    }
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${error.stderr || error.stack}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

// A caller without a role is not refused.
const bootstrap = { accessKeyId: "Bootstrap", secretAccessKey: "any" };
const iam = new IAMClient({ credentials: bootstrap, endpoint, region: "us-east-1" });
const document = (...Statement) => JSON.stringify({ Statement, Version: "2012-10-17" });
for (const RoleName of [credentials.accessKeyId, "ExampleUserRole"]) {
  try {
    await iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: document(), RoleName }));
  } catch (error) {
    if (error.name !== "EntityAlreadyExistsException") {
      throw error;
    }
  }
}
const PolicyDocument = document({ Action: "*", Effect: "Allow", Resource: "*" });
const RoleName = credentials.accessKeyId;
await iam.send(new PutRolePolicyCommand({ PolicyDocument, PolicyName: "everything", RoleName }));

const all = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
// Plans of drift are of -refresh-only, after changes by hand.
const recorded = all.map(({ name }) => name).filter((name) => !name.startsWith("drift-"));
const names = process.argv.length > 2 ? process.argv.slice(2) : recorded;
// Two at a time: the provider takes a processor to itself.
const next = names.values();
await Promise.all(
  Array.from({ length: 2 }, async () => {
    for (const name of next) {
      await make(name);
    }
  }),
);
