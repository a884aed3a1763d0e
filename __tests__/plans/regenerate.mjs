// Makes plan.json of every folder here with the real terraform and AWS provider: applies before.tf or before.yaml where
// there is one, and plans after.tf or after.yaml. It needs a fresh AWS endpoint of loopback, which takes an access key ID
// for the name of a role:
//
//     AWS_ENDPOINT_URL=http://127.0.0.1:4566 node __tests__/plans/regenerate.mjs
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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

function run(cwd, command, ...args) {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8", env, maxBuffer: 1 << 28 });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  }
  return stdout;
}

/** Puts a configuration where terraform runs; the directory. */
function place(directory, source) {
  if (source.endsWith(".tf")) {
    copyFileSync(join(here, "provider.tf"), join(directory, "provider.tf"));
    copyFileSync(source, join(directory, "main.tf"));
    return directory;
  }
  copyFileSync(source, join(directory, "warehouses.yaml"));
  run(directory, process.execPath, "--require", join(root, "register.cjs"), join(root, "main.ts"));
  return join(directory, "cdktf.out", "stacks", readdirSync(join(directory, "cdktf.out", "stacks"))[0]);
}

const source = (name, when) => ["tf", "yaml"].map((type) => join(here, name, `${when}.${type}`)).find(existsSync);

const iam = new IAMClient({ credentials, endpoint, region: "us-east-1" });
const document = (...Statement) => JSON.stringify({ Statement, Version: "2012-10-17" });
const RoleName = credentials.accessKeyId;
await iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: document(), RoleName }));
const PolicyDocument = document({ Action: "*", Effect: "Allow", Resource: "*" });
await iam.send(new PutRolePolicyCommand({ PolicyDocument, PolicyName: "everything", RoleName }));

for (const { name } of readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const directory = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    const before = source(name, "before");
    if (before) {
      const stack = place(directory, before);
      run(stack, "terraform", "init", "-input=false");
      run(stack, "terraform", "apply", "-input=false", "-auto-approve");
    }
    const stack = place(directory, source(name, "after"));
    run(stack, "terraform", "init", "-input=false");
    run(stack, "terraform", "plan", "-input=false", "-out=plan.out");
    const plan = JSON.parse(run(stack, "terraform", "show", "-json", "plan.out"));
    delete plan.timestamp;
    writeFileSync(join(here, name, "plan.json"), `${JSON.stringify(plan, undefined, 1)}\n`);
    console.log(`${name}: ${plan.resource_changes.length} resources`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
