import { inspect } from "node:util";
import { checkAll, PropError, PropErrors } from "../../../modules/private/checks";

const ODD = new PropError("Stack/Key", "rotationPeriodInDays", "be at least 90", "7");
const EMPTY = new PropError("Stack/Key", "alias", "not be empty", '""');

/** A check that throws an error. */
function failing(error: Error): () => void {
  return () => {
    throw error;
  };
}

function errorOf(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("PropError", () => {
  test("has a message with place, prop, rule and value, and a property for each of these", () => {
    const { got, message, must, prop } = ODD;
    expect(message).toBe("[Stack/Key] 'rotationPeriodInDays' must be at least 90, got: 7");
    expect({ got, must, prop }).toStrictEqual({ got: "7", must: "be at least 90", prop: "rotationPeriodInDays" });
  });
});

describe("checkAll", () => {
  test("throws nothing if all checks pass", () => {
    expect(errorOf(() => checkAll(() => undefined))).toBeUndefined();
  });

  test("throws the error itself if only one check throws", () => {
    expect(errorOf(() => checkAll(() => undefined, failing(ODD)))).toBe(ODD);
  });

  test("throws one error for several errors, with a line for each", () => {
    const error = errorOf(() => checkAll(failing(ODD), failing(EMPTY)));
    expect(error).toBeInstanceOf(PropErrors);
    const { message, propErrors } = error as PropErrors;
    expect(propErrors).toStrictEqual([ODD, EMPTY]);
    expect(message).toBe(`${ODD.message}\n${EMPTY.message}`);
  });

  test("throws an error that Node.js prints without a copy of the message", () => {
    const error = errorOf(() => checkAll(failing(ODD), failing(EMPTY)));
    expect(inspect(error).split("rotationPeriodInDays")).toHaveLength(2);
    expect(inspect(ODD).split("rotationPeriodInDays")).toHaveLength(2);
  });
});
