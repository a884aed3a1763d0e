import fc from "fast-check";
import { jsonDocuments } from "../../../review/plan/json-documents";
import { propertyRuns } from "../../support/property-runs";

const parsed = (text: string): unknown[] => [...jsonDocuments(text)].map((document) => JSON.parse(document) as unknown);
const objects = fc.array(
  fc
    .dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.stringMatching(/^[\\"{} \n]*$/)))
    .map((value) => ({ ...value })),
  { minLength: 1, maxLength: 4 },
);

test("jsonDocuments returns each of several JSON objects in a text, for any strings and white space", () => {
  fc.assert(
    fc.property(
      objects,
      fc.constantFrom("", "\n", " \r\n\t"),
      fc.constantFrom(undefined, 2),
      (values, space, indent) => {
        const text = values.map((value) => JSON.stringify(value, undefined, indent) + space).join("");
        expect(parsed(text)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
      },
    ),
    { numRuns: propertyRuns(100) },
  );
});

test.each([
  ['{"a":"}{"}', ['{"a":"}{"}']],
  ['{"a":1}{"b":"', ['{"a":1}', '{"b":"']],
  ['{"a":"\\\\"}{"b":"\\"}', ['{"a":"\\\\"}', '{"b":"\\"}']],
  ['} {"a":1}', ["}", ' {"a":1}']],
  ["", [""]],
])("jsonDocuments splits %j into %j", (text, documents) => {
  expect([...jsonDocuments(text)]).toStrictEqual(documents);
});
