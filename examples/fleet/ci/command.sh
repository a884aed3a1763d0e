# Sourced: the command of the lock file, or the scripts of a checkout that has the constructs.
redshift_kms() {
  if [ -f register.cjs ]; then
    npm run --silent "$1" -- "${@:2}"
  else
    npx --no-install redshift-kms "$@"
  fi
}
