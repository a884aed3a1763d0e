import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sendToS3 } from "../emulator/request";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { blocks, UPGRADE } from "../support/readme";
import { deployLane } from "./endpoint";
import { expectSuccess, Project, unprotected } from "./project";

const NAME = "moved-state";
const BUCKET = "example-terraform-state";

interface State {
  readonly outputs: object;
  readonly resources: readonly object[];
}

deployLane("a local state", () => {
  const project = new Project(NAME, "ExampleAdminRole");
  const warehouse = unprotected({
    account: ACCOUNT,
    administrators: [ADMIN_ARN],
    name: NAME,
    region: REGION,
    serverless: {},
    users: [],
  });
  const stateInBucket = async (): Promise<State> => {
    const [, text] = await sendToS3(project.caller, "GET", `${BUCKET}/states/${NAME}/terraform.tfstate`);
    return JSON.parse(text) as State;
  };

  afterAll(() => {
    project.remove();
  });

  test("moves to S3 by the commands of docs/upgrade.md, and the next plan is empty", async () => {
    expect((await sendToS3(project.caller, "PUT", BUCKET))[0]).toBe(200);
    project.configure(warehouse);
    await project.deploy();
    project.configure(warehouse, { backend: { s3: { bucket: BUCKET, keyPrefix: "states/", region: REGION } } });
    await project.synth();
    const [move] = blocks("sh", UPGRADE) as [string];
    // In the directory of the stack, the commands share a provider that has started.
    const script = move.replaceAll("-chdir=cdktf.out/stacks/NAME ", "").replace("-migrate-state", "$& <<< yes");
    const moved = await project.run(project.stackDirectory, "bash", "-euo", "pipefail", "-c", script);
    expectSuccess(moved);
    expect(moved.stdout).toContain("Your infrastructure matches the configuration.");
    const local = join(project.directory, `terraform.${NAME}.tfstate`);
    const { outputs, resources } = await stateInBucket();
    expect(JSON.parse(readFileSync(local, "utf8"))).toMatchObject({ outputs, resources });
    const { stderr } = await project.terraform("state", "push", local);
    expect(stderr).toContain("cannot import state with lineage");
    rmSync(local);
    await project.expectNoChanges();
    expect((await sendToS3(project.caller, "GET", `${BUCKET}?list-type=2`))[1]).not.toContain(".tflock");
  });

  test("in the bucket has no resources after destroy", async () => {
    await project.destroy();
    expect((await stateInBucket()).resources).toStrictEqual([]);
  });
});
