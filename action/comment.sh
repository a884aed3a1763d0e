#!/usr/bin/env bash
# Writes the report as a comment on the pull request, in place of the one of an earlier run for the same stack. The comment begins
# with a marker. A comment of another author, or with the marker in another line, is not taken for it.
set -euo pipefail

marker="<!-- redshift-kms-review: $STACK -->"
body=$(mktemp "${RUNNER_TEMP:-/tmp}/comment.XXXXXX")
errors=$(mktemp "${RUNNER_TEMP:-/tmp}/errors.XXXXXX")
{ printf '%s\n' "$marker"; cat -- "$REPORT"; } > "$body"

# Pull requests of forks and of Dependabot run with a token that only reads.
fail() {
  cat "$errors" >&2
  if ! grep -q 'Resource not accessible by\|HTTP 403' "$errors"; then
    echo "::error title=redshift-kms review::the comment cannot be $1"
    exit 1
  elif [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ] || [ "${GITHUB_ACTOR:-}" = 'dependabot[bot]' ]; then
    echo "::notice title=redshift-kms review::the token of this pull request may not write comments: the job summary has the report"
    exit 0
  fi
  echo "::error title=redshift-kms review::the comment cannot be $1: give the job the permission pull-requests: write"
  exit 1
}

query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      comments(first: 100, after: $endCursor) {
        nodes { id body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}'
pages=$(gh api graphql --paginate --slurp -f query="$query" -f owner="${GITHUB_REPOSITORY%%/*}" \
  -f name="${GITHUB_REPOSITORY#*/}" -F number="$PULL_REQUEST" 2> "$errors") || fail read
ids=$(node "$GITHUB_ACTION_PATH/action/find-comment.cjs" "$marker" <<< "$pages")
read -r pull_request comment <<< "$ids"

if [ -n "$comment" ]; then
  mutation='mutation($id: ID!, $body: String!) { updateIssueComment(input: { id: $id, body: $body }) { clientMutationId } }'
  id=$comment
else
  mutation='mutation($id: ID!, $body: String!) { addComment(input: { subjectId: $id, body: $body }) { clientMutationId } }'
  id=$pull_request
fi
gh api graphql -f query="$mutation" -f id="$id" -F body=@"$body" > /dev/null 2> "$errors" || fail written
