// A gh that has the comments of one pull request in the file of FAKE_COMMENTS. It answers in pages of two comments.
const { readFileSync, writeFileSync } = require("node:fs");

const [, , ...args] = process.argv;
const file = process.env.FAKE_COMMENTS;
const state = JSON.parse(readFileSync(file, "utf8"));
const fields = Object.fromEntries(
  args.flatMap((arg, index) => {
    const [name, ...value] = args[index + 1]?.split("=") ?? [];
    const text = value.join("=");
    return arg === "-F" && text.startsWith("@")
      ? [[name, readFileSync(text.slice(1), "utf8")]]
      : /^-[fF]$/.test(arg)
        ? [[name, text]]
        : [];
  }),
);

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (args[0] !== "api" || args[1] !== "graphql" || !process.env.GH_TOKEN) {
  fail(`unexpected call: ${args.join(" ")}`);
}
if (state.broken) {
  fail("gh: HTTP 502");
}
if (fields.query.startsWith("mutation")) {
  if (state.isReadOnly) {
    fail("gh: Resource not accessible by integration");
  }
  const comment = { body: fields.body, id: fields.id, viewerDidAuthor: true };
  if (fields.query.includes("updateIssueComment")) {
    state.comments = state.comments.map((one) => (one.id === fields.id ? comment : one));
  } else {
    state.comments.push({ ...comment, id: `C_${state.comments.length}`, pullRequest: fields.id });
  }
  writeFileSync(file, JSON.stringify(state));
} else {
  const isAsked = `${fields.owner}/${fields.name}#${fields.number}` === "acme/data#7";
  const pages = Array.from({ length: Math.max(1, Math.ceil(state.comments.length / 2)) }, (_, page) => ({
    data: {
      repository: {
        pullRequest: isAsked && { comments: { nodes: state.comments.slice(2 * page, 2 * page + 2) }, id: "PR_7" },
      },
    },
  }));
  const isPaged = args.includes("--paginate") && args.includes("--slurp") && fields.query.includes("$endCursor");
  console.log(JSON.stringify(isPaged ? pages : pages.slice(0, 1)));
}
