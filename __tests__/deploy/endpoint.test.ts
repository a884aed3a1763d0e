import { reasonToSkip } from "./endpoint";

describe("the endpoint", () => {
  test("is asked for where there is none", () => {
    expect(reasonToSkip("")).toBe("AWS_ENDPOINT_URL names no endpoint");
  });

  test.each([
    "https://kms.us-east-1.amazonaws.com",
    "http://10.0.0.1:4566",
    "http://127.0.0.1.example.com:4566",
    "http://[::2]:4566",
    "https://127.0.0.1:4566",
  ])("is refused anywhere but on loopback: %s", (endpoint) => {
    expect(() => reasonToSkip(endpoint)).toThrow(
      new Error(`AWS_ENDPOINT_URL must be an http address of loopback, got: ${endpoint}`),
    );
  });
});
