import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMENT, run, scratch } from "./steps";

interface Comment {
  readonly body: string;
  readonly id: string;
  readonly pullRequest?: string;
  readonly viewerDidAuthor: boolean;
}

const MARKER = "<!-- redshift-kms-review: prod/analytics -->";

describe("the comment of the action", () => {
  const other = (id: string, body: string, viewerDidAuthor = true): Comment => ({ body, id, viewerDidAuthor });
  /** Runs the step, and returns its result with the comments after it. */
  function commented(comments: readonly Comment[], { more = {}, stack = "prod/analytics", state = {} } = {}) {
    const file = join(scratch, "comments.json");
    writeFileSync(file, JSON.stringify({ comments, ...state }));
    writeFileSync(join(scratch, "review.md"), "## Review\n$(touch hacked) `touch hacked`\n");
    const values = {
      "github.event.pull_request.head.repo.full_name": "acme/data",
      "github.event.pull_request.number": "7",
      "github.token": "token",
      stack,
      "steps.review.outputs.markdown": join(scratch, "review.md"),
      token: "token",
      ...more,
    };
    const { status, stdout } = run(COMMENT, values, { FAKE_COMMENTS: file });
    const after = (JSON.parse(readFileSync(file, "utf8")) as { comments: Comment[] }).comments;
    return { after, status, stdout };
  }
  const body = (stack = "prod/analytics"): string =>
    `<!-- redshift-kms-review: ${stack} -->\n## Review\n$(touch hacked) \`touch hacked\`\n`;

  test("is created if the pull request has no comment of the action", () => {
    expect(commented([])).toStrictEqual({
      after: [{ body: body(), id: "C_0", pullRequest: "PR_7", viewerDidAuthor: true }],
      status: 0,
      stdout: "",
    });
    expect(existsSync(join(scratch, "hacked"))).toBe(false);
  });

  test("replaces the comment of an earlier run, also on a later page of comments", () => {
    const before = [other("1", "a"), other("2", "b"), other("3", "c"), other("4", `${MARKER}\r\nold`), other("5", "d")];
    const { after } = commented(before);
    expect(after).toStrictEqual(before.map((comment) => (comment.id === "4" ? { ...comment, body: body() } : comment)));
  });

  test.each<[string, Comment]>([
    ["another author", other("1", `${MARKER}\nold`, false)],
    ["another stack", other("1", "<!-- redshift-kms-review: prod/analytics-eu -->\nold")],
    [
      "another stack, with this stack's marker in the text",
      other("1", `<!-- redshift-kms-review: dev -->\n## Review\n${MARKER}\n`),
    ],
    ["this author, with the marker not at the start", other("1", `see ${MARKER}`)],
  ])("does not replace a comment of %s", (_, comment) => {
    const { after, status } = commented([comment]);
    expect([after[0], after.length, status]).toStrictEqual([comment, 2, 0]);
  });

  test("of one stack does not replace the comment of another stack", () => {
    const { after } = commented([other("1", body("dev")), other("2", body())], { stack: "dev" });
    expect(after.map((comment) => comment.body)).toStrictEqual([body("dev"), body()]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["a fork", { "github.event.pull_request.head.repo.full_name": "someone/data" }],
    ["a deleted fork", { "github.event.pull_request.head.repo.full_name": "" }],
  ])("on a pull request from %s is a notice if the token may only read", (_, more) => {
    const { after, status, stdout } = commented([], { more, state: { isReadOnly: true } });
    expect([after, status]).toStrictEqual([[], 0]);
    expect(stdout).toBe(
      "::notice title=redshift-kms review::the token of this pull request may not write comments: the job summary has the report\n",
    );
  });

  test("is an error with the fix if the job lacks the permission", () => {
    expect(commented([other("1", body())], { state: { isReadOnly: true } })).toStrictEqual({
      after: [other("1", body())],
      status: 1,
      stdout:
        "::error title=redshift-kms review::the comment cannot be written: give the job the permission pull-requests: write\n",
    });
  });

  test("is an error if gh fails, on a fork too", () => {
    const more = { "github.event.pull_request.head.repo.full_name": "someone/data" };
    for (const options of [{}, { more }]) {
      const { status, stdout } = commented([], { ...options, state: { broken: true } });
      expect([status, stdout]).toStrictEqual([1, "::error title=redshift-kms review::the comment cannot be read\n"]);
    }
  });
});
