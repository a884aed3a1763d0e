import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { isAnswer, settled } from "./answers";
import type { RecordedEvent } from "./record";

/** The members of a CloudTrail event that the record needs. */
interface CreateGrantEvent {
  readonly responseElements?: { readonly grantId?: string } | null;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly userIdentity?: { readonly invokedBy?: string; readonly type?: string };
}

/**
 * Reads the CreateGrant events of grants from CloudTrail, and returns them by grant ID. CloudTrail shows an event some minutes
 * late, so this function waits until it has all events, the time is over, or the signal aborts.
 */
export async function createGrantEvents(
  client: CloudTrailClient,
  grantIds: readonly string[],
  since: Date,
  limit: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, RecordedEvent>> {
  let events: ReadonlyMap<string, RecordedEvent> = new Map();
  try {
    await settled(
      async () => (events = await eventsSince(client, since, signal)),
      (received) => grantIds.every((id) => received.has(id)),
      limit,
      signal,
    );
  } catch (error) {
    if (!signal.aborted && !isAnswer(error)) {
      throw error;
    }
    console.error(`no more requests to CloudTrail: ${(error as Error).message}`);
  }
  return events;
}

async function eventsSince(client: CloudTrailClient, StartTime: Date, abortSignal: AbortSignal) {
  const events = new Map<string, RecordedEvent>();
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: "CreateGrant" }];
  let NextToken: string | undefined;
  do {
    const command = new LookupEventsCommand({ LookupAttributes, NextToken, StartTime });
    const page = await client.send(command, { abortSignal });
    for (const event of page.Events ?? []) {
      const { responseElements, ...rest } = contentOf(event);
      if (responseElements?.grantId !== undefined) {
        events.set(responseElements.grantId, recordedOf(rest));
      }
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return events;
}

function contentOf({ CloudTrailEvent }: Event): CreateGrantEvent {
  return JSON.parse(CloudTrailEvent!) as CreateGrantEvent;
}

function recordedOf({ sourceIPAddress, userAgent, userIdentity }: CreateGrantEvent): RecordedEvent {
  return {
    invokedBy: userIdentity?.invokedBy ?? null,
    sourceIPAddress: sourceIPAddress ?? null,
    userAgent: userAgent ?? null,
    userIdentityType: userIdentity?.type ?? null,
  };
}
