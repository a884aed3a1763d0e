#!/usr/bin/env bash
# Prints the sales since a day, as JSON. Usage: WORKGROUP=analytics-serverless examples/data-api/query.sh 2026-01-01
set -euo pipefail

id=$(aws redshift-data execute-statement --query Id --output text \
  --workgroup-name "$WORKGROUP" --database "${DATABASE:-dev}" \
  --sql 'select * from sales where sold_on >= cast(:day as date) order by id' \
  --parameters "name=day,value=$1")

deadline=$((SECONDS + 60))
until status=$(aws redshift-data describe-statement --id "$id" --query Status --output text) &&
  [[ $status =~ ^(FINISHED|FAILED|ABORTED)$ ]]; do
  if ((SECONDS > deadline)); then
    aws redshift-data cancel-statement --id "$id" >/dev/null
    echo "The statement $id did not end in time, and is canceled" >&2
    exit 1
  fi
  sleep 1
done

if [[ $status != FINISHED ]]; then
  aws redshift-data describe-statement --id "$id" --query Error --output text >&2
  exit 1
fi
# The AWS CLI reads all pages.
aws redshift-data get-statement-result --id "$id" --query Records --output json
