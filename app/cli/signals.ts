/** The signals that interrupt a command. */
export const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
