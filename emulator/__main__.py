"""Starts the emulator: `python3 -m emulator`, or `npm run emulator`."""
import argparse
import os
import signal
import sys
import threading

ADMINISTRATOR = "ExampleAdminRole"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="emulator", description="A loopback AWS endpoint. Ctrl-C ends it.")
    parser.add_argument("--account", default="111122223333", help="the account ID, 12 digits (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--port-file", help="a file that gets the port once the emulator listens")
    parser.add_argument("--end-with-parent", action="store_true", help="end when standard input is closed")
    parser.add_argument("--records", help="the directory of records of npm run verify:aws (default: emulator/records)")
    parser.add_argument("--via", choices=["regional", "documented"],
                        help="the kms:ViaService of warehouses: SERVICE.REGION.amazonaws.com, or redshift.amazonaws.com, "
                             "as the Data API's page shows it (default: the one of a record, or regional)")
    parser.add_argument("--namespaces", type=int, default=25, metavar="NUMBER",
                        help="the quota of serverless namespaces of a Region (default: %(default)s)")
    parser.add_argument("--statement-lifetime", type=float, default=86_400, metavar="SECONDS",
                        help="how long the Data API keeps a statement (default: %(default)s)")
    parser.add_argument("--expired-as", choices=["ValidationException", "ResourceNotFoundException"], default="ValidationException",
                        help="the error about a statement that has expired (default: %(default)s)")
    return parser.parse_args()


def end_with_parent():
    # Not through sys.stdin, whose lock would make the interpreter fail when it ends.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main():
    arguments = parse_arguments()
    # moto reads both when it is imported.
    os.environ["MOTO_ACCOUNT_ID"] = arguments.account
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    try:
        from . import assumptions, records, server
        from .services import redshift_data, redshift_serverless_namespaces, step_functions
    except ImportError as error:
        sys.exit(f"The emulator requires moto ({error}). Install it: python3 -m pip install -r emulator/requirements.txt")
    try:
        records.read(arguments.records or records.DIRECTORY)
    except records.UnreadableRecord as error:
        sys.exit(str(error))
    assumptions.chosen_via = arguments.via
    assumptions.expired_as = arguments.expired_as
    redshift_serverless_namespaces.max_namespaces = arguments.namespaces
    redshift_data.keep_statements(arguments.statement_lifetime)
    listening = server.listen(arguments.port)
    step_functions.endpoint_url = f"http://127.0.0.1:{listening.server_port}"
    print(f"export AWS_ENDPOINT_URL={step_functions.endpoint_url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 "
          f"AWS_ACCESS_KEY_ID={ADMINISTRATOR} AWS_SECRET_ACCESS_KEY=any", flush=True)
    if arguments.port_file:
        with open(arguments.port_file, "w", encoding="ascii") as out:
            out.write(str(listening.server_port))
    if arguments.end_with_parent:
        threading.Thread(target=end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        print(file=sys.stderr)


if __name__ == "__main__":
    main()
