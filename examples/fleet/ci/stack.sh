# Sourced: the steps that plan.sh and apply.sh share.
umask 077
: "${PLAN_PASSPHRASE:?must be a secret of the CI: a plan has secrets, and is sealed between two jobs}"

# One copy of each provider for all stacks of the job.
export TF_PLUGIN_CACHE_DIR=${TF_PLUGIN_CACHE_DIR:-$PWD/.plugin-cache}
export TF_IN_AUTOMATION=true
export AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/.web-identity-token
mkdir -p "$TF_PLUGIN_CACHE_DIR"
trap 'rm -f "$AWS_WEB_IDENTITY_TOKEN_FILE"' EXIT

# Takes the identity of this job as ROLE. {account} in ROLE is the account of the stack. GitHub's token lasts minutes, so each stack
# has its own.
assume() {
  local account
  account=$(cat "fleet/stacks/$1/account")
  export AWS_ROLE_ARN=${ROLE//'{account}'/$account}
  export AWS_ROLE_SESSION_NAME=fleet-${GITHUB_RUN_ID:-${CI_PIPELINE_ID:-0}}
  if [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ]; then
    curl --fail --silent --show-error --retry 3 --header @- "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" \
      <<< "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" | jq --exit-status --join-output .value
  else
    printf %s "${AWS_ID_TOKEN:?must be an ID token of the CI}"
  fi > "$AWS_WEB_IDENTITY_TOKEN_FILE"
}

# Text of a plan in the log. A runner must read no command in it, a terminal no escape, and a reader no hidden character.
quoted() {
  LC_ALL=C tr -d '\000-\010\013-\037\177' |
    LC_ALL=C sed -e $'s/\xc2[\x80-\x9f]/?/g; s/\xe2\x80[\x8b-\x8f\xa8-\xae]/?/g; s/\xe2\x81[\xa0-\xaf]/?/g' \
      -e 's/##\[/# #[/g' -e 's/^/| /'
}

# terraform in the folder of a stack.
terraform_of() {
  terraform -chdir="fleet/stacks/$1" "${@:2}" 2>&1 | quoted
}

initialize() {
  terraform_of "$1" init -input=false -no-color -lockfile=readonly
}

# Ends the job with the stacks that failed, after the others.
finish() {
  if [ $# -gt 0 ]; then
    echo "failed: $*"
    exit 1
  fi
}

seal() {
  gpg --batch --quiet --yes --pinentry-mode loopback --passphrase-fd 3 --symmetric --cipher-algo AES256 --output "$1" \
    3<<< "$PLAN_PASSPHRASE"
}

# Unpacks sealed stacks. A changed file fails.
unseal() {
  gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 3 --decrypt "$1" 3<<< "$PLAN_PASSPHRASE" | tar -xzf -
}
