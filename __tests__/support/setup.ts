import type * as statement from "../../modules/private/statement";
import type * as serviceAuthorization from "./service-authorization";

// Each policy of each test becomes JSON here, so its statements are checked here.
jest.mock("../../modules/private/statement", () => {
  const actual = jest.requireActual<typeof statement>("../../modules/private/statement");
  const { checkStatements } = jest.requireActual<typeof serviceAuthorization>("./service-authorization");
  return {
    ...actual,
    policyJson: (statements: readonly statement.PolicyStatement[]): string => {
      checkStatements(statements);
      return actual.policyJson(statements);
    },
  };
});
