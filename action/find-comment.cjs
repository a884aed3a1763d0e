// find-comment.cjs MARKER: reads the pages of the comments of a pull request from standard input, and prints the ID of the pull
// request and, if there is one, that of the comment of this author whose first line is the marker.
const { readFileSync } = require("node:fs");

const [, , marker] = process.argv;
const pages = JSON.parse(readFileSync(0, "utf8")).map(({ data }) => data.repository.pullRequest);
const comment = pages
  .flatMap(({ comments }) => comments.nodes)
  .find(({ body, viewerDidAuthor }) => viewerDidAuthor && body.split(/\r?\n/, 1)[0] === marker);
console.log(pages[0].id, comment?.id ?? "");
