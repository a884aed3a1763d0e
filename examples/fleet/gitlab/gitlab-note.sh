#!/usr/bin/env bash
# Writes review.md as a note on the merge request, in place of the one of an earlier run. REVIEW_TOKEN is a project access token.
set -euo pipefail

refuse_token() {
  echo "REVIEW_TOKEN must be a valid project access token with the scope api, in a variable that is not protected, $1" >&2
  exit 1
}
[ -n "${REVIEW_TOKEN:-}" ] || refuse_token 'got: nothing'
marker='<!-- redshift-kms: fleet -->'
if [ ! -s review.md ]; then
  printf '## The plans could not be reviewed\n\nThe log of the job has the reason.\n' > review.md
fi
{ echo "$marker"; cat review.md; } > note.md
request() {
  curl --fail --silent --show-error --header @- "$@" <<< "PRIVATE-TOKEN: $REVIEW_TOKEN"
}
notes=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$MERGE_REQUEST_IID/notes
request "$CI_API_V4_URL/user" > user.json || refuse_token 'and GitLab has not accepted it'
page=0
note=
while [ -z "$note" ]; do
  page=$((page + 1))
  request "$notes?sort=asc&per_page=100&page=$page" > notes.json
  note=$(node -e '
    const { readFileSync } = require("node:fs");
    const [user, notes] = ["user.json", "notes.json"].map((file) => JSON.parse(readFileSync(file, "utf8")));
    const note = notes.find(({ author, body }) => author.id === user.id && body.split(/\r?\n/)[0] === process.argv[1]);
    console.log(note ? note.id : notes.length === 0 ? "none" : "");
  ' "$marker")
done
if [ "$note" = none ]; then
  request --data-urlencode body@note.md "$notes" > /dev/null
else
  request --request PUT --data-urlencode body@note.md "$notes/$note" > /dev/null
fi
