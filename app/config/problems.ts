import { PropError, PropErrors } from "../../modules/private/checks";
import type { ConfigurationFile, Path } from "./configuration-file";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Its place in the whole configuration, or in a file if one is named. */
  readonly path: Path;
  /** The rule that is broken, read after the path: `must be an AWS region, got: us-est-1`. */
  readonly message: string;
  readonly file?: ConfigurationFile;
}

/** A problem with the entry of a stack, and its place. */
export class StackError extends Error {
  public constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/** The values that the constructs of a stack refuse, each with its place in the configuration. */
export class Problems {
  private readonly problems: Problem[] = [];

  /** @param placeOf - returns the place of the value that a construct names by a path of the entry */
  public constructor(private readonly placeOf: (path: Path) => Path = (path) => path) {}

  /** Makes something for a place of the configuration, and keeps the values that its construct refuses with their places. */
  public at<T>(place: Path, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof PropError || error instanceof PropErrors)) {
        throw error;
      }
      const errors = error instanceof PropErrors ? error.found : [error];
      this.problems.push(...errors.map((one) => this.problemOf(place, one)));
      return undefined;
    }
  }

  /**
   * Makes something that the rest of a stack needs.
   *
   * @throws StackError if there are any problems, these or earlier ones
   */
  public require<T>(place: Path, make: () => T): T {
    const value = this.at(place, make);
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

  /** @throws StackError if there are any */
  public throw(): void {
    if (this.problems.length > 0) {
      throw new StackError(this.problems);
    }
  }
}

/** The place of a prop: `subnetIds[1]` stands at `subnetIds`, 1. */
function below(place: Path, prop: string): Path {
  const steps = prop
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  // The principals of a key are written beside it.
  return steps[0] === "administrators" || steps[0] === "users" ? steps : [...place, ...steps];
}
