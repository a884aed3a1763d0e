import { PropError, PropErrors } from "../../modules/private/checks";
import type { ConfigurationFile, Path } from "./configuration-file";

/** One broken rule of the configuration. */
export interface Problem {
  /** Its place in the configuration. With `file`: its place in that file. */
  readonly path: Path;
  /** The rule, which follows the path in an error: `must be an AWS region, got: us-est-1`. */
  readonly message: string;
  readonly file?: ConfigurationFile;
}

/** The problems of the entry of a stack. */
export class StackError extends Error {
  public constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/** Collects the values that the constructs of a stack refuse, each with its place in the configuration. */
export class Problems {
  private readonly problems: Problem[] = [];

  /** @param placeOf - returns the place of the value that a construct names by a path of the entry */
  public constructor(private readonly placeOf: (path: Path) => Path = (path) => path) {}

  /** Calls a function for a place of the configuration. Keeps the problems of a construct that refuses values, and returns undefined. */
  public at<T>(place: Path, create: () => T): T | undefined {
    try {
      return create();
    } catch (error) {
      if (!(error instanceof PropError || error instanceof PropErrors)) {
        throw error;
      }
      const errors = error instanceof PropErrors ? error.propErrors : [error];
      this.problems.push(...errors.map((one) => this.problemOf(place, one)));
      return undefined;
    }
  }

  /**
   * Calls a function whose value the rest of a stack needs.
   *
   * @throws StackError if there is a problem, also of an earlier call
   */
  public require<T>(place: Path, create: () => T): T {
    const value = this.at(place, create);
    this.throw();
    return value as T;
  }

  private problemOf(place: Path, { got, must, prop }: PropError): Problem {
    const refused = below(place, prop);
    const path = this.placeOf(refused);
    const [given, derived] = [path.at(-1), refused.at(-1)];
    const isDerived = given !== derived && typeof given === "string" && typeof derived === "string";
    return {
      message: isDerived ? `makes the ${derived} ${got}, which must ${must}` : `must ${must}, got: ${got}`,
      path,
    };
  }

  /** @throws StackError if there is a problem */
  public throw(): void {
    if (this.problems.length > 0) {
      throw new StackError(this.problems);
    }
  }
}

/** The place of a prop: `subnetIds[1]` becomes `subnetIds`, 1. */
function below(place: Path, prop: string): Path {
  const steps = prop
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  // The principals of a key are keys of the entry, beside `key`.
  return steps[0] === "administrators" || steps[0] === "users" ? steps : [...place, ...steps];
}
