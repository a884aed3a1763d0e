#!/usr/bin/env bash
# Applies the plan files of one job as ROLE: the files that plan.sh has sealed, and no new plan. Terraform refuses a plan whose state
# has changed since. WAVE and JOB are those of plan.sh.
set -euo pipefail
source "$(dirname "$0")/stack.sh"

apply() {
  assume "$1" && initialize "$1" && terraform_of "$1" apply -input=false -no-color -lock-timeout=5m plan.out
}

rm -rf fleet
unseal "sealed/$WAVE-$JOB.gpg"
failed=()
for plan in fleet/stacks/*/plan.out; do
  [ -e "$plan" ] || continue
  stack=$(basename "$(dirname "$plan")")
  echo "apply of $stack"
  apply "$stack" || failed+=("$stack")
done
finish ${failed[@]+"${failed[@]}"}
