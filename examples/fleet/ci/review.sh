#!/usr/bin/env bash
# Reviews all plans of WAVE together. The log has the whole report, review.md has as much of it as a comment holds, and the file
# changed has the stacks whose plan changes something. Ends with 1 if a finding fails the review, if a stack of changes.tar.gz has no
# plan or, in MODE drift, if a stack differs from its configuration.
set -euo pipefail
source "$(dirname "$0")/command.sh"
source "$(dirname "$0")/stack.sh"

rm -rf fleet plans changed review.md
mkdir plans
for file in sealed/"$WAVE"-*.gpg; do
  [ ! -e "$file" ] || unseal "$file"
done
tar -xzf changes.tar.gz "fleet/$WAVE"
missing=()
for stack in $(cat "fleet/$WAVE"); do
  [ -e "fleet/stacks/$stack/plan.json" ] || missing+=("$stack")
done
for plan in fleet/stacks/*/plan.json; do
  [ -e "$plan" ] || continue
  stack=$(basename "$(dirname "$plan")")
  # The review reads the policies that the plan does not show in the configuration.
  mkdir "plans/$stack"
  mv "$plan" "fleet/stacks/$stack/cdk.tf.json" "plans/$stack/"
  [ ! -e "fleet/stacks/$stack/plan.out" ] || echo "$stack" >> changed
done

status=0
again=0
if [ -n "$(ls plans)" ]; then
  redshift_kms review --stack-files plans/*/plan.json || status=$?
  redshift_kms review --stack-files --format markdown plans/*/plan.json > review.md 2> /dev/null || again=$?
else
  echo "## No stack of the wave has a plan" > review.md
fi
rm -rf fleet plans
# npx ends with 1 if the command is not installed, so status 1 is a finding only if there is a report.
if [ "$status" -gt 1 ] || [ "$again" -ne "$status" ] || [ ! -s review.md ]; then
  rm -f review.md
  echo "the plans cannot be reviewed"
  exit 2
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "stacks without a plan, which are not reviewed: ${missing[*]}"
  # A comment has room for some names.
  named=("${missing[@]:0:10}")
  [ ${#named[@]} -eq ${#missing[@]} ] || named+=("and $((${#missing[@]} - ${#named[@]})) more")
  report=$(cat review.md)
  printf '**Stacks without a plan, which are not reviewed:** %s. The log of their job has the reason.\n\n%s\n' \
    "${named[*]}" "$report" > review.md
  status=1
fi
if [ -e changed ]; then
  echo "stacks that change: $(tr '\n' ' ' < changed)"
  [ "$MODE" != drift ] || status=1
else
  echo "no stack changes"
fi
exit "$status"
