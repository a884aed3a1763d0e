import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { PAGES, withFiles } from "../../tools/docs/embed";
import { ROOT } from "../support/paths";

const INDEX = "docs/README.md";
/** The pages that a command writes as a whole. */
const GENERATED = ["docs/deploy-policies.md"];
const ALL_PAGES = globSync(["*.md", "docs/*.md", "emulator/README.md", "modules/*/README.md", "terraform/README.md"], {
  cwd: ROOT,
}).sort();
const LONGEST_BLOCK = 15;

const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");
const withoutBlocks = (text: string): string => text.replace(/^( *)```[^]*?^\1```$/gm, "");

/** A link to a file of the repository. */
interface Link {
  readonly anchor: string | undefined;
  readonly target: string;
  readonly text: string;
}

function linksOf(page: string): readonly Link[] {
  const text = withoutBlocks(textOf(page));
  const links = [
    ...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)|^\[\w+\]: (?!https?:)([^#\n]*)(?:#(.*))?$/gm),
  ];
  return links.map(([link, inline, inlineAnchor, listed, listedAnchor]) => {
    const file = inline ?? listed!;
    return { anchor: inlineAnchor ?? listedAnchor, target: file === "" ? page : join(dirname(page), file), text: link };
  });
}

/** The anchors of a page, as GitHub makes them: a repeated heading has a number. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(textOf(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const anchor = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

test("each link of a page leads to an existing file and heading", () => {
  const broken = ALL_PAGES.flatMap((page) =>
    linksOf(page)
      .filter(
        ({ anchor, target }) =>
          !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor)),
      )
      .map(({ text }) => `${page}: ${text}`),
  );
  expect(broken).toStrictEqual([]);
});

test("docs/README.md lists each page once, by its title", () => {
  const listed = [...textOf(INDEX).matchAll(/^- \[(.*?)\]\((\w[\w-]*\.md)\): .*\.$/gm)].map(([, title, file]) => [
    `docs/${file}`,
    title,
  ]);
  const pages = PAGES.filter((page) => page.startsWith("docs/") && page !== INDEX);
  const titles = pages.map((page) => [page, /^# (.*)$/m.exec(textOf(page))![1]]);
  expect(listed.filter(([file]) => file !== "docs/constructs.api.md").sort()).toStrictEqual(titles);
});

test("each page is linked from another page than docs/README.md", () => {
  const reached = new Set(
    ALL_PAGES.filter((page) => page !== INDEX).flatMap((page) =>
      linksOf(page).flatMap(({ target }) => (target === page ? [] : target)),
    ),
  );
  expect(PAGES.filter((page) => page !== "README.md" && !reached.has(page))).toStrictEqual([]);
});

test("docs/api/README.md has the folders of the library as headings, in data-flow order", () => {
  const categories = [...textOf("docs/api/README.md").matchAll(/^## (.*)$/gm)].map(([, category]) => category);
  const folders = ["iam", "kms", "redshift", "data-api", "operations", "sharing"];
  expect(categories).toStrictEqual([...folders, "composition", "other types"]);
});

test("docs/api has no inherited members of the framework", () => {
  const noisy = globSync("docs/api/**/*.md", { cwd: ROOT }).filter((page) =>
    /\b(?:Inherited from|Overrides|friendlyUniqueId|addOverride\(\))/.test(textOf(page)),
  );
  expect(noisy).toStrictEqual([]);
});

test("the README has at most 140 lines", () => {
  expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(140);
});

/** Longer blocks that are no files of examples/: another test compares them with the product or runs them. The first is a diagram. */
const TESTED_ELSEWHERE = [
  "docs/architecture.md mermaid",
  "docs/database-roles.md sql",
  "docs/database-roles.md json",
  "docs/key-policy.md json",
  "docs/plan-review.md text",
];

test("a code block of more than 15 lines is a file of examples/, or TESTED_ELSEWHERE lists it", () => {
  const long = PAGES.filter((page) => !GENERATED.includes(page)).flatMap((page) =>
    [...textOf(page).matchAll(/(<!-- file: \S+ -->\n\n)?^( *)```(\w+)\n([^]*?)^\2```$/gm)]
      .filter(([, embedded, , , block]) => embedded === undefined && block!.split("\n").length > LONGEST_BLOCK + 1)
      .map(([, , , language]) => `${page} ${language}`),
  );
  expect(long).toStrictEqual(TESTED_ELSEWHERE);
});

test.each(PAGES)("each file that %s shows equals the file of examples/", (page) => {
  expect(textOf(page)).toBe(withFiles(textOf(page)));
});
