import { endpointWarning, versionWarning } from "../../../app/config/provider-version";

test.each(["~> 6.25", "~> 5.100", "~> 5.100.0", ">= 5.100, < 7", ">= 6, <= 6.66.1", "6.25.0", "= 6.25.0, != 6.1.0"])(
  'awsProviderVersion "%s" has no warning',
  (constraint) => {
    expect(versionWarning(constraint)).toBeUndefined();
  },
);

test.each([
  "~> 5.80",
  "~> 5.99.0",
  ">= 5.99.9, < 7",
  "> 5.99.9, < 7",
  ">= 5.100, < 7.0.1",
  "5.99.9",
  ">= 6",
  "> 6.0",
  "!= 6.1.0",
  "< 7",
  "<= 7.0.0, >= 6",
  "~> 7.0",
])('awsProviderVersion "%s" has a warning that it admits versions that are not tested', (constraint) => {
  expect(versionWarning(constraint)).toBe(
    `'awsProviderVersion' admits versions that are not tested: tested are >= 5.100, < 7, got: ${constraint}`,
  );
});

describe("a change of privateDnsEnabled of a Data API endpoint", () => {
  test.each(["~> 6.25", "~> 5.100", ">= 6.28, <= 6.36", "6.27.0", "6.36.0", "~> 6.36", "~> 6.27.0", ">= 6.27, < 6.36"])(
    "is in place with some version that %s admits, and has no warning",
    (constraint) => {
      expect(endpointWarning(constraint)).toBeUndefined();
    },
  );

  test.each([
    "6.28.0",
    "~> 6.30.0",
    "~> 6.35.5",
    ">= 6.28, != 6.30.0, < 6.36",
    "6.35.1",
    ">= 6.28, < 6.36",
    "~> 6.28, < 6.36.0",
    "> 6.28.0, <= 6.35.999",
  ])("replaces the endpoint with every version that %s admits, and has a warning", (constraint) => {
    expect(endpointWarning(constraint)).toBe(
      "if 'privateDnsEnabled' changes, every version that 'awsProviderVersion' admits replaces the endpoint: " +
        `versions before 6.28.0 and from 6.36.0 change the endpoint in place, got: ${constraint}`,
    );
  });
});
