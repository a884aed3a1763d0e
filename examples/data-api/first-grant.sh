#!/usr/bin/env bash
# Lets an IAM role read the tables of the schema public. Usage, as an administrator:
#   WORKGROUP=analytics-serverless ADMIN_SECRET_ARN=… examples/data-api/first-grant.sh AnalyticsUserRole
set -euo pipefail

user="\"IAMR:$1\""
statement=(--workgroup-name "$WORKGROUP" --database "${DATABASE:-dev}" --secret-arn "$ADMIN_SECRET_ARN" --query Id --output text)

# Waits for the end of a statement. Prints its status, and the error of one that failed.
end_of() {
  local end
  until end=$(aws redshift-data describe-statement --id "$1" --query '[Status, Error]' --output text) &&
    [[ $end =~ ^(FINISHED|FAILED|ABORTED) ]]; do
    sleep 1
  done
  echo "$end"
}

end=$(end_of "$(aws redshift-data execute-statement "${statement[@]}" --sql "create user $user password disable")")
# The first statement of the role creates the user as well.
if [[ $end != FINISHED* && $end != *'already exists'* ]]; then
  echo "$end" >&2
  exit 1
fi

end=$(end_of "$(aws redshift-data batch-execute-statement "${statement[@]}" --sqls \
  "grant usage on schema public to $user" \
  "grant select on all tables in schema public to $user" \
  "alter default privileges in schema public grant select on tables to $user")")
echo "$end"
[[ $end == FINISHED* ]]
