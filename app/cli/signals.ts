/** The signals that interrupt a command, such as SIGINT for Ctrl-C. */
export const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
