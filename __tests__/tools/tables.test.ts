import { TABLE_PAGES, tableNames, TABLES, withTables } from "../../tools/docs/tables";

/** A page without the spaces and escapes that Prettier writes. */
function comparable(page: string): string {
  return page
    .replace(/\\(?=[*_<|])/g, "")
    .replace(/ +/g, " ")
    .replace(/-{3,}/g, "---");
}

test("each table is in one page", () => {
  const names = TABLE_PAGES.flatMap(([, text]) => tableNames(text));
  expect(names.sort()).toStrictEqual(Object.keys(TABLES).sort());
});

test.each(TABLE_PAGES)("the tables of %s equal the output of `npm run schema`", (_, text) => {
  expect(comparable(text)).toBe(comparable(withTables(text)));
});
