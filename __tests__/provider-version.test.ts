import { versionWarning } from "../stacks/provider-version";

test.each(["~> 6.25", "~> 5.100", "~> 5.100.0", ">= 5.100, < 7", ">= 6, <= 6.66.1", "6.25.0", "= 6.25.0, != 6.1.0"])(
  "%s has no warning",
  (constraint) => {
    expect(versionWarning(constraint)).toBeUndefined();
  },
);

test.each([
  "~> 5.80",
  "~> 5.99.0",
  ">= 5.99.9, < 7",
  "> 5.99.9, < 7",
  "5.99.9",
  ">= 6",
  "> 6.0",
  "!= 6.1.0",
  "< 7",
  "<= 7.0.0, >= 6",
  "~> 7.0",
])("%s has a warning", (constraint) => {
  expect(versionWarning(constraint)).toBe(
    `'awsProviderVersion' admits versions that are not tested: tested are >= 5.100.0, < 7.0.0, got: ${constraint}`,
  );
});
