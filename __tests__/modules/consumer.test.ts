import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "../../modules";
import { ROOT } from "../support/paths";

test("the maximal consumer imports each runtime export of the library, and no other", () => {
  const source = readFileSync(join(ROOT, "__tests__", "consumer", "maximal.ts"), "utf8");
  const [, imported] = /^import \{([^}]*)\} from "..\/..\/modules";$/m.exec(source)!;
  expect(
    imported!
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean)
      .sort(),
  ).toStrictEqual(Object.keys(library).sort());
});
