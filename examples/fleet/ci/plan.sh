#!/usr/bin/env bash
# Plans the stacks of one job as ROLE, which reads only, and seals the plans. WAVE is a list of stacks in changes.tar.gz. JOB is the
# number of this job, from 0, and JOBS the number of all jobs of the wave. If a stack fails, the job seals the plans of the others, and
# fails.
set -euo pipefail
source "$(dirname "$0")/stack.sh"

# A role that reads only cannot write a lock. A state that changes before the apply is no danger: Terraform refuses the plan then.
plan() {
  local status=0
  assume "$1" && initialize "$1" || return
  terraform_of "$1" plan -input=false -no-color -lock=false -detailed-exitcode -out=plan.out || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || return
  terraform -chdir="fleet/stacks/$1" show -json plan.out 2>&1 > "fleet/stacks/$1/plan.json" | quoted || return
  # Nothing is to be applied.
  [ "$status" -eq 2 ] || rm "fleet/stacks/$1/plan.out"
}

rm -rf fleet sealed
tar -xzf changes.tar.gz
stacks=$(awk -v job="$JOB" -v jobs="$JOBS" '(NR - 1) % jobs == job' "fleet/$WAVE")
failed=()
files=()
for stack in $stacks; do
  echo "plan of $stack"
  # Nothing of a stack that failed is sealed: apply.sh applies each plan file that it finds.
  plan "$stack" || { failed+=("$stack"); continue; }
  for file in account cdk.tf.json .terraform.lock.hcl plan.json plan.out; do
    [ ! -e "fleet/stacks/$stack/$file" ] || files+=("fleet/stacks/$stack/$file")
  done
done
if [ ${#files[@]} -gt 0 ]; then
  mkdir sealed
  tar -czf - "${files[@]}" | seal "sealed/$WAVE-$JOB.gpg"
fi
finish ${failed[@]+"${failed[@]}"}
