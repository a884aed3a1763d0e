#!/usr/bin/env bash
# install.sh: installs the packages of the lock file. NPM_TOKEN is a token for the registry in .npmrc, if that requires one. For the
# registry of this GitLab, it is the token of the job. The scripts of packages do not run, so none of them reads the token.
set -euo pipefail

registry=$(npm config get @redshift-kms:registry)
registry=${registry%/}/
case $registry in
  # The registry has the packages under several paths of the API.
  "${CI_API_V4_URL:-none}"/*) registry=$CI_API_V4_URL/ NPM_TOKEN=${NPM_TOKEN:-$CI_JOB_TOKEN} ;;
esac
if [ -n "${NPM_TOKEN:-}" ]; then
  export NPM_TOKEN NPM_CONFIG_USERCONFIG
  NPM_CONFIG_USERCONFIG=$(mktemp)
  trap 'rm "$NPM_CONFIG_USERCONFIG"' EXIT
  # npm reads the variable, so the token is in no file.
  printf '%s\n' "${registry#*:}:_authToken=\${NPM_TOKEN}" > "$NPM_CONFIG_USERCONFIG"
fi
npm ci --ignore-scripts
