import { SchedulerSchedule, type SchedulerScheduleTarget } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Annotations, Fn } from "cdktf";
import { Construct } from "constructs";
import { checkAfter, checkNotBoth, fail, isOfOtherAccount, known } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { template } from "../private/expression";
import {
  checkProps,
  code,
  decision,
  flag,
  list,
  number,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import type { Rule } from "../private/rule";
import {
  DATABASE_NAME,
  EVENT_AGE_IN_SECONDS,
  MAX_BATCH_STATEMENTS,
  QUERY_DESCRIPTION,
  RETRY_ATTEMPTS,
  SCHEDULE_EXPRESSION,
  SCHEDULE_NAME,
  SQL,
  STATEMENT_NAME,
  TIME_ZONE,
  UTC_TIME,
  WINDOW_IN_MINUTES,
} from "../private/rules";
import { dependables } from "../private/stack-boundary";
import { knownBytes } from "../private/statement";
import { connection } from "./database-credentials";
import type { ScheduledQueryGroup } from "./scheduled-query-group";
import { schedulerEnvironment } from "./scheduled-query-role";

/** The rule that the prop `group` must be a ScheduledQueryGroup. */
const GROUP: Rule = {
  must: "be a ScheduledQueryGroup",
  references: ({ resource }: ScheduledQueryGroup) => resource.name,
  test: (value) => (value as Partial<ScheduledQueryGroup> | null | undefined)?.access !== undefined,
};

/** SQL, and the times at which it runs. */
export interface ScheduledQueryProps extends ResourceProps {
  /** The group, which has the warehouse and the identity that runs the query. */
  readonly group: ScheduledQueryGroup;
  /** The query's name, unique in its group: 1 to 64 letters, digits or any of _.-. A change replaces the schedule. */
  readonly queryName: string;
  /**
   * The times: `rate(12 hours)`, `at(2027-01-31T03:00:00)`, or `cron(0 3 ? * MON-FRI *)`, which has minutes, hours, days of the month,
   * months, days of the week and years.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly scheduleExpression: string;
  /**
   * The database that the query runs in: for a cluster with temporary credentials, one of the `databases` of the group.
   *
   * @default - the first of the group's `databases`, or the warehouse's first database
   */
  readonly database?: string | undefined;
  /**
   * The purpose of the query: 1 to 512 characters.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * Whether the schedule is active.
   *
   * @default true
   */
  readonly enabled?: boolean | undefined;
  /**
   * The end of the schedule, in UTC: `2027-01-01T00:00:00Z`.
   *
   * @default - never
   */
  readonly endDate?: string | undefined;
  /**
   * The seconds after which Scheduler no longer tries to start a run: 60 to 86,400.
   *
   * @default - 86,400, the default of AWS
   */
  readonly maximumEventAgeInSeconds?: number | undefined;
  /**
   * How often Scheduler tries again to start a run: 0 to 185. A statement that starts and then fails is not repeated.
   *
   * @default - 185, the default of AWS
   */
  readonly maximumRetryAttempts?: number | undefined;
  /**
   * The most minutes between the time of a run and its start: 1 to 1,440.
   *
   * @default - a run starts in the minute of its time
   */
  readonly maximumWindowInMinutes?: number | undefined;
  /**
   * The time zone of `cron` and `at`, of the IANA database, such as `Europe/Berlin`.
   *
   * @default - `UTC`, the default of AWS
   */
  readonly scheduleExpressionTimezone?: string | undefined;
  /**
   * One SQL statement, which ExecuteStatement runs: at most 102,400 bytes. Scheduler replaces `<aws.scheduler.scheduled-time>` and its
   * other keywords, unless the statement has a token. A run can start twice, so that the statement must allow that.
   *
   * @default - `sqls` has the statements
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
   */
  readonly sql?: string | undefined;
  /**
   * 1 to 40 SQL statements, which BatchExecuteStatement runs in order as one transaction. Each has the rules of `sql`, and differs
   * from the others.
   *
   * @default - `sql` has the statement
   * @see https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
   */
  readonly sqls?: readonly string[] | undefined;
  /**
   * The beginning of the schedule, in UTC: `2026-12-01T00:00:00Z`.
   *
   * @default - at once
   */
  readonly startDate?: string | undefined;
  /**
   * The name of the statement in lists and events of the Data API: 1 to 2,048 characters. Query editor v2 puts `QS2-` before the names
   * of its own scheduled queries.
   *
   * @default - the query's name
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/query-editor-v2-schedule-query.html
   */
  readonly statementName?: string | undefined;
  /**
   * Whether the Data API sends an event to EventBridge when the statement ends, also if it fails.
   *
   * @default false
   * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html
   */
  readonly withEvent?: boolean | undefined;
}

/** @internal */
export const SCHEDULED_QUERY_PROPS = propRules("ScheduledQueryProps", {
  group: required(code(GROUP)),
  queryName: required(text(SCHEDULE_NAME)),
  scheduleExpression: required(text(SCHEDULE_EXPRESSION)),
  database: text(DATABASE_NAME),
  description: text(QUERY_DESCRIPTION),
  enabled: decision(flag(true)),
  endDate: text(UTC_TIME),
  maximumEventAgeInSeconds: number(EVENT_AGE_IN_SECONDS),
  maximumRetryAttempts: number(RETRY_ATTEMPTS),
  maximumWindowInMinutes: number(WINDOW_IN_MINUTES),
  scheduleExpressionTimezone: text(TIME_ZONE),
  sql: text(SQL),
  sqls: decision(list(SQL, "statement")),
  startDate: text(UTC_TIME),
  statementName: text(STATEMENT_NAME),
  withEvent: decision(flag(false)),
  ...RESOURCE_PROPS,
} satisfies PropRules<ScheduledQueryProps>);

/** The largest input of a schedule's target, in bytes. */
const MAX_INPUT_BYTES = 262_144;

/**
 * Matches the parts of SQL in which a semicolon ends no statement: strings, quoted names, dollar-quoted bodies of procedures and
 * comments.
 */
const QUOTED_SQL = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * SQL that EventBridge Scheduler runs through the Data API, as the role of its group. The SQL is in the plan and in the state.
 * Scheduler encrypts the SQL with the key of the warehouse, unless that key is of another account. So the caller of the apply must
 * be an administrator, a deployer or a user of the key.
 *
 * @example
 * const group = new ScheduledQueryGroup(stack, "Queries", { groupName: "analytics", warehouse });
 * new ScheduledQuery(stack, "Refresh", {
 *   group,
 *   queryName: "refresh-sales",
 *   scheduleExpression: "cron(0 3 * * ? *)",
 *   scheduleExpressionTimezone: "Europe/Berlin",
 *   sql: "REFRESH MATERIALIZED VIEW sales_by_day",
 *   withEvent: true,
 * });
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
 */
export class ScheduledQuery extends Construct {
  /** The wrapped resource. */
  public readonly resource: SchedulerSchedule;

  /** @throws if a prop breaks its rule, there is not exactly one of `sql` and `sqls`, or the group may not use the database */
  public constructor(scope: Construct, id: string, props: ScheduledQueryProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SCHEDULED_QUERY_PROPS,
      (props) => this.checkDatabase(props),
      (props) => this.checkSql(props),
      (props) => this.checkInput(props),
      ({ group, queryName }) => checkOnce(this, "queryName", queryName, [group.node.path, queryName]),
      (props) => checkAfter(this, props, "endDate", "startDate"),
    );
    const { group, maximumWindowInMinutes } = props;
    const { enabled } = withPresets(props, SCHEDULED_QUERY_PROPS);
    const { keyArn } = group.warehouse.key;
    const { accountId } = schedulerEnvironment(group.warehouse);
    this.resource = new SchedulerSchedule(
      this,
      "Resource",
      defined({
        dependsOn: dependables(this, [{ dependable: group.access.resource }, { dependable: group.deadLetterPolicy }]),
        description: props.description,
        endDate: props.endDate,
        flexibleTimeWindow:
          maximumWindowInMinutes === undefined ? { mode: "OFF" } : { maximumWindowInMinutes, mode: "FLEXIBLE" },
        groupName: group.resource.name,
        // AWS documents customer managed keys only of the schedule's own account.
        kmsKeyArn: isOfOtherAccount(keyArn, accountId) ? undefined : keyArn,
        name: props.queryName,
        provider: props.provider,
        scheduleExpression: props.scheduleExpression,
        scheduleExpressionTimezone: props.scheduleExpressionTimezone,
        startDate: props.startDate,
        state: enabled ? undefined : "DISABLED",
        target: target(props),
      }),
    );
    this.warnOfSeveralStatements(props);
  }

  private warnOfSeveralStatements({ sql, sqls }: ScheduledQueryProps): void {
    for (const [index, statement] of (sqls ?? [sql!]).entries()) {
      if (known(statement) && /;\s*\S/.test(statement.replace(QUOTED_SQL, ""))) {
        Annotations.of(this).addWarning(
          `'${sql === undefined ? `sqls[${index}]` : "sql"}' seems to have several statements, but the Data API runs ` +
            "only one: put each statement in 'sqls'",
        );
      }
    }
  }

  private checkDatabase({ database, group }: ScheduledQueryProps): void {
    const { databases } = group;
    if (database !== undefined && databases && [database, ...databases].every(known) && !databases.includes(database)) {
      fail(this, "database", `be one of the 'databases' of the group, ${databases.join(", ")}`, database);
    }
  }

  private checkSql(props: ScheduledQueryProps): void {
    checkNotBoth(this, props, "sql", "sqls", "give one statement in 'sql', or several in 'sqls'");
    const { sql, sqls } = props;
    if (sql === undefined && sqls === undefined) {
      fail(this, "sql", "be given unless 'sqls' is given", sql);
    }
    if (sqls && sqls.length > MAX_BATCH_STATEMENTS) {
      fail(this, "sqls", `have at most ${MAX_BATCH_STATEMENTS} statements`, `${sqls.length} statements`);
    }
  }

  private checkInput(props: ScheduledQueryProps): void {
    const bytes = knownBytes(JSON.stringify(inputOf(props)));
    if (bytes > MAX_INPUT_BYTES) {
      const must = `lead to an input of at most ${MAX_INPUT_BYTES} bytes, which is Scheduler's limit: move some statements to another query`;
      fail(this, "sqls", must, `${bytes} bytes`);
    }
  }
}

function target(props: ScheduledQueryProps): SchedulerScheduleTarget {
  const { group, maximumEventAgeInSeconds, maximumRetryAttempts, sql } = props;
  const { partition } = schedulerEnvironment(group.warehouse);
  const operation = sql === undefined ? "batchExecuteStatement" : "executeStatement";
  const hasRetryPolicy = maximumEventAgeInSeconds !== undefined || maximumRetryAttempts !== undefined;
  return defined({
    arn: `arn:${partition}:scheduler:::aws-sdk:redshiftdata:${operation}`,
    deadLetterConfig: group.deadLetterQueue && { arn: group.deadLetterQueue.arn },
    input: inputJson(props),
    retryPolicy: hasRetryPolicy ? defined({ maximumEventAgeInSeconds, maximumRetryAttempts }) : undefined,
    roleArn: group.role.identity.arn,
  });
}

/** Returns the request that Scheduler sends to the Data API, as an object. */
function inputOf(props: ScheduledQueryProps): object {
  const { database, group, queryName, sql, sqls, statementName = queryName, withEvent } = props;
  const { databases, warehouse } = group;
  return {
    ...connection(warehouse, database ?? databases?.[0] ?? warehouse.databaseName, group),
    Sql: sql,
    Sqls: sqls,
    StatementName: statementName,
    WithEvent: withEvent === true ? true : undefined,
  };
}

/** Returns the request as JSON. If a token gives SQL or a name, the JSON is a Terraform expression that escapes the value. */
function inputJson(props: ScheduledQueryProps): string {
  const { sql, sqls = [], statementName } = props;
  const input = inputOf(props);
  return [sql, statementName, ...sqls].every(known) ? template(JSON.stringify(input)) : Fn.jsonencode(defined(input));
}
