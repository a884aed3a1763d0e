#!/usr/bin/env bash
# Reviews plans with the command of the caller's lock file. Writes the reports, the job summary and the outputs of the step. Ends
# with 0 if the plans are reviewed, also if findings fail the review: a later step of the action ends with that status.
set -euo pipefail

error() {
  echo "::error title=redshift-kms review::$1"
  exit 2
}

[[ $STACK =~ ^[A-Za-z0-9][A-Za-z0-9._/\ -]{0,99}$ ]] ||
  error "stack must have at most 100 letters, digits, spaces and . _ / -, and begin with a letter or a digit"
reports=$(mktemp -d "${RUNNER_TEMP:-/tmp}/redshift-kms-review.XXXXXX")
markdown=$reports/review.md
sarif=$reports/review.sarif

# The comment of an earlier run must not stay as if it were of this one.
fail() {
  printf '## The plans of %s could not be reviewed\n\nThe log of the job has the reason.\n' "$STACK" > "$markdown"
  cat "$markdown" >> "$GITHUB_STEP_SUMMARY"
  echo "markdown=$markdown" >> "$GITHUB_OUTPUT"
  error "$1"
}

options=(--fail-on "$FAIL_ON")
plans=()
# add_lines ARRAY OPTION TEXT: adds each line that is not empty, after the option if there is one.
add_lines() {
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [ -n "$line" ] || continue
    case $1 in
      options) options+=("$2=$line") ;;
      plans) plans+=("$line") ;;
    esac
  done <<< "$3"
}
add_lines options --forbid "$FORBID"
add_lines options --ignore-file "$IGNORE_FILE"
add_lines options --reference "$REFERENCE"
add_lines options --source "$SOURCE"
add_lines plans '' "$PLAN"
[ "$STRICT" != true ] || options+=(--strict)
[ "$ONLY_NEW" != true ] || options+=(--only-new)
[ "$STACK_FILES" != true ] || options+=(--stack-files)
[ ${#plans[@]} -gt 0 ] || fail "plan must name a file"
cd -- "$WORKING_DIRECTORY" || fail "working-directory must be a folder"

review() {
  npx --no redshift-kms review "${options[@]}" --format "$1" -- "${plans[@]}"
}

status=0
review sarif > "$sarif" || status=$?
[ "$status" -le 1 ] || fail "the review ended with status $status"
# npx ends with 1 if the command is not installed, so status 1 is a finding only if there is a report.
node "$GITHUB_ACTION_PATH/action/name-runs.cjs" "$sarif" "$STACK" ||
  fail "the review wrote no report: is @redshift-kms/cli installed by npm ci?"
again=0
review markdown > "$markdown" 2> /dev/null || again=$?
[ "$again" -eq "$status" ] && [ -s "$markdown" ] || fail "the review wrote no report in Markdown"

cat "$markdown" >> "$GITHUB_STEP_SUMMARY"
{
  echo "status=$status"
  echo "sarif=$sarif"
  echo "markdown=$markdown"
} >> "$GITHUB_OUTPUT"
