import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configuration, directory, synth, WAREHOUSE } from "../support/project";

describe("synth warns of a stack that the configuration no longer has", () => {
  const gone = join("cdktf.out", "stacks", "gone");
  const fix = "restore its entry and run cdktf destroy gone";
  const without = async () => (await synth(configuration(`warehouses:${WAREHOUSE}`))).stderr;
  const withGone = (top = "") => synth(configuration(`${top}warehouses:${WAREHOUSE.replace("one", "gone")}`));
  const terraformed = (type: string) => {
    mkdirSync(join(directory, gone, ".terraform"), { recursive: true });
    const state = JSON.stringify({ backend: { type }, version: 3 });
    writeFileSync(join(directory, gone, ".terraform", "terraform.tfstate"), state);
  };

  test("in every run while the local state has managed resources", async () => {
    await withGone();
    writeFileSync(join(directory, "terraform.gone.tfstate"), JSON.stringify({ resources: [{}] }));
    const warning = `warning: gone is no longer in the configuration, but its resources still exist, as terraform.gone.tfstate shows: ${fix}\n`;
    expect(await without()).toBe(warning);
    expect(await without()).toBe(warning);
    const lookups = [{ mode: "data", type: "aws_caller_identity" }];
    writeFileSync(join(directory, "terraform.gone.tfstate"), JSON.stringify({ resources: lookups }));
    // An interrupted apply leaves an empty file.
    writeFileSync(join(directory, "terraform.never.tfstate"), "");
    expect(await without()).toBe("");
  });

  test("in one line for all such stacks if WAREHOUSES seems to be missing", async () => {
    const names = ["a", "b", "c", "d"];
    names.forEach((name) => writeFileSync(join(directory, `terraform.${name}.tfstate`), "{"));
    const hint =
      "warning: WAREHOUSES may be missing: the stacks that were deployed from here (a, b, c, 1 more) are not in " +
      "warehouses.yaml. Name their file in WAREHOUSES. Or, to destroy these stacks, restore their entries and run cdktf destroy\n";
    expect((await synth()).stderr).toBe(hint);
    expect((await synth({ WAREHOUSES: "warehouses.yaml" })).stderr.split("\n")).toHaveLength(names.length + 1);
    writeFileSync(join(directory, "terraform.analytics-cluster.tfstate"), "");
    expect((await synth()).stderr.split("\n")).toHaveLength(names.length + 1);
  });

  test("in one line with the sorted names of at most three stacks, with local states and others", async () => {
    writeFileSync(join(directory, "terraform.first.tfstate"), "{");
    expect((await synth()).stderr).toContain("deployed from here (first) are not in ");
    await withGone("backend: {s3: {bucket: bucket, region: us-east-1}}\n");
    terraformed("s3");
    writeFileSync(join(directory, "terraform.zero.tfstate"), "{");
    expect((await synth()).stderr).toContain("deployed from here (first, gone, zero) are not in ");
  });

  test("in one line for each stack if Terraform has run for another stack in its directory", async () => {
    writeFileSync(join(directory, "terraform.gone.tfstate"), "{");
    mkdirSync(join(directory, "cdktf.out", "stacks", "analytics-cluster", ".terraform"), { recursive: true });
    expect((await synth()).stderr).toMatch(/^warning: gone is no longer in the configuration/);
  });

  test.each([
    ["is not valid JSON", "{"],
    ["has no list of resources", "{}"],
    ["is null", "null"],
    ["has a lookup and a resource", JSON.stringify({ resources: [{ mode: "data" }, { mode: "managed" }] })],
  ])("if the state %s", async (_, text) => {
    writeFileSync(join(directory, "terraform.gone.tfstate"), text);
    expect(await without()).toContain("gone is no longer in the configuration");
  });

  test("in the order of the names, with local states and others", async () => {
    await withGone("backend: {s3: {bucket: bucket, region: us-east-1}}\n");
    for (const stack of ["zero", "first"]) {
      writeFileSync(join(directory, `terraform.${stack}.tfstate`), "{");
    }
    const stacks = (await without()).match(/(?<=^warning: )\S+/gm);
    expect(stacks).toStrictEqual(["first", "gone", "zero"]);
  });

  test("in every run if the state is in S3 and Terraform has run", async () => {
    await withGone("backend: {s3: {bucket: bucket, region: us-east-1}}\n");
    terraformed("s3");
    const warning = `warning: gone is no longer in the configuration, but its state in s3 may still have resources: ${fix}, or, if its resources are destroyed, delete ${gone}\n`;
    expect(await without()).toBe(warning);
    expect(await without()).toBe(warning);
    rmSync(join(directory, gone), { recursive: true });
    expect(await without()).toBe("");
  });

  test("in one run only if the state is in HCP Terraform and Terraform has not run", async () => {
    await withGone("backend: {cloud: {organization: example}}\n");
    expect(await without()).toContain("its state in cloud may still have resources");
    expect(await without()).toBe("");
  });

  test("in no run if the configuration has the stack, whose state is in S3", async () => {
    const text = `backend: {s3: {bucket: bucket, region: us-east-1}}\nwarehouses:${WAREHOUSE}`;
    await synth(configuration(text));
    expect((await synth(configuration(text))).stderr).toBe("");
  });

  test("in one run if the file of Terraform's backend has no backend", async () => {
    await withGone("backend: {s3: {bucket: bucket, region: us-east-1}}\n");
    mkdirSync(join(directory, gone, ".terraform"));
    writeFileSync(join(directory, gone, ".terraform", "terraform.tfstate"), "{}");
    expect(await without()).toContain("its state in s3 may still have resources");
    expect(await without()).toBe("");
  });

  test("in no run if the state is local and was never written", async () => {
    await withGone();
    terraformed("local");
    expect(await without()).toBe("");
  });
});
