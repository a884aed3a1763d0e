import { REGION } from "../support/arns";

/** The answer of a service to a request of EventBridge Scheduler. */
interface Answer {
  readonly body: string;
  readonly status: number;
}

/** A run of a schedule: the answers of its target and its dead-letter queue, or the error if Scheduler cannot assume its role. */
export interface ScheduleRun {
  readonly deadLetter?: Answer;
  readonly error?: string;
  readonly target?: Answer;
}

/** Runs a schedule of a group, `GROUP/NAME`, in the emulator. Scheduler names the group, or another one, as its source. */
export async function runSchedule(schedule: string, sourceGroup?: string): Promise<ScheduleRun> {
  const query = new URLSearchParams({ region: REGION, schedule, ...(sourceGroup && { sourceGroup }) });
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_emulator/run?${query.toString()}`, { method: "POST" });
  return (await response.json()) as ScheduleRun;
}
