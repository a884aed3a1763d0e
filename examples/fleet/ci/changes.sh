#!/usr/bin/env bash
# changes.sh MODE [REF]: synthesizes the stacks that differ from REF, or all stacks without REF, and packs them in changes.tar.gz
# for the jobs that plan. It needs no credentials. MODE is preview, deploy or drift: waves.cjs has the stacks of each.
set -euo pipefail
source "$(dirname "$0")/command.sh"

mode=$1
since=${2:-}
if [ -z "$since" ]; then
  # All stacks differ from a commit without files.
  tree=$(git hash-object -t tree -w /dev/null)
  since=$(git -c user.name=fleet -c user.email=fleet@localhost commit-tree -m 'No files' "$tree")
fi

rm -rf fleet changes.tar.gz
mkdir fleet
redshift_kms list --changed-since "$since" --json > fleet/changes.json
redshift_kms synth > fleet/synth.txt || { cat fleet/synth.txt >&2; exit 1; }
node "$(dirname "$0")/waves.cjs" "$mode"
tar -czf changes.tar.gz fleet
