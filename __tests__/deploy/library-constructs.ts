import { Construct } from "constructs";
import * as library from "../../modules";

/** The library's constructs: the names in modules/index.ts, by class. */
export const LIBRARY_CONSTRUCTS: ReadonlyMap<unknown, string> = new Map(
  Object.entries(library).flatMap(([name, exported]) =>
    typeof exported === "function" && exported.prototype instanceof Construct ? [[exported, name]] : [],
  ),
);
