// Measures the plan review: plans of stacks, each a call of the module that a recorded plan configures, plans of keys that roles use
// by IAM policies, and plans of one key policy with many statements.
//
//     npm run bench:review
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ACCOUNT = "111122223333";
const PLAN = join(root, "__tests__", "plans", "shipped", "after.plan.json");

/** A resource with a role and a cluster of its own: their names get a number. */
function renamed(resource, index) {
  return JSON.parse(
    JSON.stringify(resource).replaceAll(/\b(?:AnalystRole|ExampleAdminRole|analytics)\b/g, `$&${index}`),
  );
}

/**
 * The plan of a configuration that calls the one of a recorded plan once for each stack, as a module. `inStack` changes the resources
 * of a stack.
 */
function multiplied(stacks, inStack = (resource) => resource) {
  const { configuration, planned_values, prior_state, resource_changes, ...rest } = JSON.parse(
    readFileSync(PLAN, "utf8"),
  );
  const instances = Array.from({ length: stacks }, (_, index) => `module.stack["${index}"]`);
  const inModule = (resource, module) => ({
    ...resource,
    address: `${module}.${resource.address}`,
    module_address: module,
  });
  const modules = ({ resources = [] }) => ({
    child_modules: instances.map((address, index) => ({
      address,
      resources: resources.map((resource) => inModule(inStack(resource, index), address)),
    })),
  });
  return {
    ...rest,
    configuration: {
      ...configuration,
      root_module: { module_calls: { stack: { module: configuration.root_module } } },
    },
    planned_values: { root_module: modules(planned_values.root_module) },
    prior_state: { ...prior_state, values: { root_module: modules(prior_state.values.root_module) } },
    resource_changes: instances.flatMap((module, index) =>
      resource_changes.map((change) => inModule(inStack(change, index), module)),
    ),
  };
}

const ROOT_STATEMENT = {
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: "kms:*",
  Resource: "*",
};

function policyWith(...statements) {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function planned(type, name, before, after = before) {
  const actions = [before === null ? "create" : before === after ? "no-op" : "update"];
  return { address: `${type}.${name}`, mode: "managed", type, name, change: { actions, before, after } };
}

/** A plan of keys with a root statement, and of as many roles. The IAM policy of a role is for one key, or for the `resource`. */
function keysAndRoles(count, resource) {
  const changes = Array.from({ length: count }, (_, index) => {
    const name = `n${index}`;
    const [arn, role] = [`arn:aws:kms:us-east-1:${ACCOUNT}:key/${index}`, `arn:aws:iam::${ACCOUNT}:role/${name}`];
    const permission = policyWith({ Effect: "Allow", Action: "kms:Decrypt", Resource: resource ?? arn });
    return [
      planned("aws_kms_key", name, { arn, policy: policyWith(ROOT_STATEMENT) }),
      planned("aws_iam_role", name, { arn: role, name, path: "/" }),
      planned("aws_iam_role_policy", name, { role: name, name: "use", policy: permission }),
    ];
  });
  return { format_version: "1.2", resource_changes: changes.flat() };
}

/** A condition that no other statement has. */
function conditionOf(index) {
  return { StringEquals: { "kms:EncryptionContext:stack": `n${index}` } };
}

const EVERY_ROLE = `arn:aws:iam::${ACCOUNT}:role/*`;

function arnIs(pattern) {
  return { "aws:PrincipalArn": pattern };
}

function valuesUpTo(count) {
  return { StringEquals: { "kms:EncryptionContext:stack": Array.from({ length: count }, (_, index) => `v${index}`) } };
}

/** The statements of a key policy by their kind. Some kinds limit each role by the conditions of all statements. */
const STATEMENTS = {
  "a role each": (role) => ({ Effect: "Allow", Principal: { AWS: role } }),
  "a role and a condition each": (role, index) => ({
    Effect: "Allow",
    Principal: { AWS: role },
    Condition: conditionOf(index),
  }),
  "a denied role each": (role) => ({ Effect: "Deny", Principal: { AWS: role } }),
  "NotPrincipal each": (role) => ({ Effect: "Allow", NotPrincipal: { AWS: role } }),
  "NotPrincipal and a condition each": (role, index) => ({
    Effect: "Allow",
    NotPrincipal: { AWS: role },
    Condition: conditionOf(index),
  }),
  "a denial of all but a role with a condition each": (role, index) => ({
    Effect: "Deny",
    NotPrincipal: { AWS: role },
    Condition: conditionOf(index),
  }),
  "NotPrincipal with the root of another account each": (role, index) => ({
    Effect: "Allow",
    NotPrincipal: { AWS: `arn:aws:iam::${200_000_000_000 + index}:root` },
    Condition: conditionOf(index),
  }),
  "a role, or a denial of ARNs by a pattern": (role, index) =>
    index % 2 === 0
      ? { Effect: "Allow", Principal: { AWS: role } }
      : { Effect: "Deny", Principal: "*", Condition: { ...conditionOf(index), ArnLike: arnIs(`${role}*`) } },
  "a role, or a denial of all but ARNs by a pattern": (role, index) =>
    index % 2 === 0
      ? { Effect: "Allow", Principal: { AWS: role } }
      : { Effect: "Deny", Principal: "*", Condition: { ...conditionOf(index), ArnNotLike: arnIs(`${role}*`) } },
  "a role and a condition each, beside a condition of as many values": (role, index) =>
    index === 0
      ? { Effect: "Allow", Principal: "*", Condition: valuesUpTo(5000) }
      : { Effect: "Allow", Principal: { AWS: role }, Condition: conditionOf(index) },
  "a role, or a denial by a pattern that matches each role": (role, index) =>
    index % 2 === 0
      ? { Effect: "Allow", Principal: { AWS: role } }
      : { Effect: "Deny", Principal: "*", Condition: { ...conditionOf(index), ArnLike: arnIs(EVERY_ROLE) } },
  "a role, or an allowance by a pattern that matches each role": (role, index) =>
    index % 2 === 0
      ? { Effect: "Allow", Principal: { AWS: role } }
      : {
          Effect: "Allow",
          Principal: "*",
          Condition: { ...conditionOf(index), ArnLike: arnIs(`${EVERY_ROLE}${"*".repeat(index % 64)}`) },
        },
  "a pattern of roles each": (role) => ({
    Effect: "Allow",
    Principal: "*",
    Condition: { ArnLike: arnIs(`${role}-*`) },
  }),
  "a pattern of roles and a condition each": (role, index) => ({
    Effect: "Allow",
    Principal: "*",
    Condition: { ...conditionOf(index), ArnLike: arnIs(`${role}-*`) },
  }),
  "a path each of one name": (role, index) => ({
    Effect: "Allow",
    Principal: { AWS: role.replace(/n\d+$/, `p${index}/analyst`) },
  }),
  "a session, or a path of its role": (role, index) => ({
    Effect: "Allow",
    Principal: {
      AWS:
        index % 2 === 0
          ? `arn:aws:sts::${ACCOUNT}:assumed-role/analyst/s${index}`
          : role.replace(/n\d+$/, `p${index}/analyst`),
    },
  }),
  "a role, or a denial of everybody with a condition": (role, index) =>
    index % 2 === 0
      ? { Effect: "Allow", Principal: { AWS: role } }
      : { Effect: "Deny", Principal: "*", Condition: conditionOf(index) },
};

const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/0`;
const keyWithRoot = planned("aws_kms_key", "key", { arn: KEY_ARN, policy: policyWith(ROOT_STATEMENT) });

function roleOf(index, path, name) {
  const arn = `arn:aws:iam::${ACCOUNT}:role${path}${name}`;
  return planned("aws_iam_role", `r${index}`, { arn, name, path });
}

/** Plans of many resources around one key, by their kind: the resources of a number. */
const RESOURCES = {
  "a grant each": (index) => [
    planned("aws_kms_grant", `g${index}`, null, {
      grantee_principal: `arn:aws:iam::${ACCOUNT}:role/n${index}`,
      key_id: KEY_ARN,
      operations: ["Decrypt"],
    }),
  ],
  "a grant each for one role": (index) => [
    planned("aws_kms_grant", `g${index}`, null, {
      constraints: [{ encryption_context_equals: { stack: `n${index}` } }],
      grantee_principal: `arn:aws:iam::${ACCOUNT}:role/reader`,
      key_id: KEY_ARN,
      operations: ["Decrypt"],
    }),
  ],
  "an inline policy each of one role": (index) => [
    ...(index === 0 ? [roleOf(0, "/", "reader")] : []),
    planned("aws_iam_role_policy", `p${index}`, null, {
      name: `p${index}`,
      policy: policyWith({ Action: "kms:Decrypt", Condition: conditionOf(index), Effect: "Allow", Resource: "*" }),
      role: "reader",
    }),
  ],
  "a role of one name under a path each": (index) => [
    roleOf(index, `/p${index}/`, "reader"),
    planned("aws_iam_role_policy", `p${index}`, null, {
      name: "use",
      policy: policyWith({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN }),
      role: "reader",
    }),
  ],
};

function resources(count, resourcesOf) {
  const changes = Array.from({ length: count }, (_, index) => resourcesOf(index)).flat();
  return { format_version: "1.2", resource_changes: [keyWithRoot, ...changes] };
}

/** A plan that adds statements to the policy of a key. */
function statements(count, statementOf) {
  const added = Array.from({ length: count }, (_, index) => ({
    Sid: `S${index}`,
    ...statementOf(`arn:aws:iam::${ACCOUNT}:role/n${index}`, index),
    Action: ["kms:Decrypt", "kms:DescribeKey"],
    Resource: "*",
  }));
  const [before, after] = [policyWith(ROOT_STATEMENT), policyWith(ROOT_STATEMENT, ...added)];
  return {
    format_version: "1.2",
    resource_changes: [
      planned("aws_kms_key", "key", { arn: KEY_ARN, policy: before }, { arn: KEY_ARN, policy: after }),
    ],
  };
}

const scratch = mkdtempSync(join(tmpdir(), "review-bench-"));

function usageOf(name, content, ...options) {
  const plan = join(scratch, "plan.json");
  writeFileSync(plan, JSON.stringify(content));
  const args = ["--require", "./bench/usage.cjs", join(scratch, "review.js"), plan, ...options];
  const start = performance.now();
  const { output, status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  // Findings of errors end the review with 1.
  if (status !== 0 && status !== 1) {
    throw new Error(`the review of ${name} ended with exit status ${status}: ${stderr}`);
  }
  const clock = (performance.now() - start) / 1000;
  const { cpu, memory } = JSON.parse(output[3]);
  console.log(`${name}: ${clock.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU time, ${memory.toFixed(0)} MiB`);
  return { clock, cpu, memory };
}

try {
  const { build } = await import("esbuild");
  await build({
    bundle: true,
    entryPoints: [join(root, "review", "cli", "bin.ts")],
    outfile: join(scratch, "review.js"),
    platform: "node",
    target: "node20",
  });
  const [few, many] = [250, 1000].map((count) => usageOf(`${count} stacks`, multiplied(count)));
  const [fewNamed, manyNamed] = [250, 1000].map((count) =>
    usageOf(`${count} stacks with names of their own`, multiplied(count, renamed)),
  );
  const [fewKeys, manyKeys] = [1250, 5000].map((count) => usageOf(`${count} keys and roles`, keysAndRoles(count)));
  const forbid = ["--forbid", "kms:*"];
  const [fewForbidden, manyForbidden] = [250, 1000].map((count) =>
    usageOf(`${count} keys and roles with --forbid`, keysAndRoles(count), ...forbid),
  );
  const report = (name, value, limit) => {
    const isMissed = value > limit;
    console.log(`${name}: ${value.toFixed(1)} (target: at most ${limit})${isMissed ? "  MISSED" : ""}`);
    process.exitCode ||= isMissed ? 1 : 0;
  };
  report("MiB of the larger plan", many.memory, 300);
  // Four times the stacks take about four times the time. A quadratic step takes sixteen times.
  report("CPU time, larger plan / smaller plan", many.cpu / few.cpu, 7);
  report("CPU time of stacks with names of their own, larger plan / smaller plan", manyNamed.cpu / fewNamed.cpu, 7);
  report("CPU time of keys and roles, larger plan / smaller plan", manyKeys.cpu / fewKeys.cpu, 7);
  report("CPU time with --forbid, larger plan / smaller plan", manyForbidden.cpu / fewForbidden.cpu, 7);
  const { cpu: cpuOfPairs } = usageOf("400 roles that use each of 400 keys", keysAndRoles(400, "*"));
  report("seconds of CPU time", cpuOfPairs, 3);
  for (const [kind, statementOf] of Object.entries(STATEMENTS)) {
    const { cpu } = usageOf(`5000 statements, ${kind}`, statements(5000, statementOf));
    report("seconds of CPU time", cpu, 3);
  }
  for (const [kind, resourcesOf] of Object.entries(RESOURCES)) {
    const { cpu } = usageOf(`5000 times ${kind}`, resources(5000, resourcesOf));
    report("seconds of CPU time", cpu, 3);
  }
} finally {
  rmSync(scratch, { force: true, recursive: true });
}
