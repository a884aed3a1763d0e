import { fail, type Where } from "../../modules/private/checks";
import { type ConfigurationError, readText } from "./configuration-file";
import { isWithin } from "./is-within";

/**
 * Reads the SQL of a file, whose name is relative to the working directory.
 *
 * @throws PropError if the file cannot be read, or is a link to a file outside the working directory: the stack would contain the
 * text of that file
 */
export function readSql(where: Where, prop: string, name: string): string {
  let text: string;
  try {
    text = readText(name);
  } catch (error) {
    return fail(where, prop, "be a file of SQL", (error as ConfigurationError).message);
  }
  if (!isWithin(".", name)) {
    fail(where, prop, "not be a link to a file outside the working directory", name);
  }
  return text.trim();
}
