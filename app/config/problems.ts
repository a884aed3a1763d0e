import { PropError, PropErrors } from "../../modules/private/checks";
import type { ConfigurationFile, Path } from "./configuration-file";

/** One broken rule of the configuration. */
export interface Problem {
  /** The path of the value in the configuration; if `file` is given, the path in that file. */
  readonly path: Path;
  /** The broken rule. In an error it follows the path: `must be an AWS region, got: us-est-1`. */
  readonly message: string;
  readonly file?: ConfigurationFile;
}

/** The problems of an entry. With these problems, the entry's stack cannot be created. */
export class StackError extends Error {
  public constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/** Collects the values that the constructs of a stack refuse, each with its place in the configuration. */
export class Problems {
  private readonly problems: Problem[] = [];

  /** @param placeOf - maps a path that an error of a construct gives to the path of the value in the entry */
  public constructor(private readonly placeOf: (path: Path) => Path = (path) => path) {}

  /**
   * Runs a function that creates a construct. If the construct refuses a value, this method keeps the problem, with the value's
   * path below `place`, and returns undefined.
   */
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
   * Runs a function as `at` does, for a value that the rest of the stack needs.
   *
   * @throws StackError if there is a problem, also of an earlier call
   */
  public require<T>(place: Path, create: () => T): T {
    const value = this.at(place, create);
    this.throw();
    return value as T;
  }

  private problemOf(place: Path, { got, must, prop }: PropError): Problem {
    if (prop === "warehouse") {
      // A file has no key `warehouse`: the warehouse of an add-on is the section that has the add-on.
      return { message: `must ${must}`, path: this.placeOf(place.slice(0, 1)) };
    }
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

/** Returns the path of a prop below a place: `subnetIds[1]` gives `[...place, "subnetIds", 1]`. */
function below(place: Path, prop: string): Path {
  const steps = prop
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  // The principals of a key are at the top of the entry, and not in its `key`.
  return steps[0] === "administrators" || steps[0] === "users" ? steps : [...place, ...steps];
}
