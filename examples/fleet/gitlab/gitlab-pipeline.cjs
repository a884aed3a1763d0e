// gitlab-pipeline.cjs MODE: prints the child pipeline: the templates of gitlab-jobs.yml, and the jobs for the waves of fleet/jobs.json.
const { readFileSync } = require("node:fs");

const [, , mode] = process.argv;
const jobs = JSON.parse(readFileSync("fleet/jobs.json", "utf8"));
const changes = { artifacts: true, job: "changes", pipeline: "$PARENT_PIPELINE_ID" };
const after = (job) => ({ artifacts: false, job });

/** The jobs of one wave. `needs` starts a job before those of earlier stages, so the first wave is named. */
function jobsOf(wave, parallel, earlier) {
  const variables = { WAVE: wave };
  const reviewed = {
    [`plan-${wave}`]: { extends: ".plan", needs: [changes, ...earlier], parallel, stage: wave, variables },
    [`review-${wave}`]: { extends: ".review", needs: [changes, `plan-${wave}`], stage: wave, variables },
  };
  const applied = {
    [`approve-${wave}`]: { extends: ".approve", needs: [after(`review-${wave}`)], stage: wave },
    [`apply-${wave}`]: {
      extends: ".apply",
      needs: [after(`approve-${wave}`), `plan-${wave}`],
      parallel,
      stage: wave,
      variables,
    },
  };
  return mode === "deploy" ? { ...reviewed, ...applied } : reviewed;
}

const [first, second] = [jobs.first.length, jobs.second.length];
const pipeline = {
  variables: { MERGE_REQUEST_IID: process.env.CI_MERGE_REQUEST_IID ?? "", MODE: mode },
  ...(first > 0 ? jobsOf("first", first, []) : {}),
  ...(second > 0 ? jobsOf("second", second, first > 0 ? [after("apply-first")] : []) : {}),
  // Without `needs`, a job waits for all earlier stages.
  ...(mode === "deploy" ? { deployed: { extends: ".deployed", stage: "deployed" } } : {}),
  ...(mode !== "deploy" && first === 0 ? { unchanged: { extends: ".unchanged", stage: "first" } } : {}),
};
// A value of JSON is a value of YAML.
const entries = Object.entries(pipeline).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
console.log([readFileSync("ci/gitlab-jobs.yml", "utf8"), ...entries].join("\n"));
