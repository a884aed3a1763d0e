import { jsonIn } from "../plan/json-documents";
import { addressOf, type Block, type SourceFile } from "./block";

const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\],\n]|[^"{}[\],\n]+|"/g;

const DEEPEST = 6;

/** An open object, with the name of its member that is being read, or an open array, without a name. */
interface Frame {
  isArray: boolean;
  name: string | undefined;
}

/**
 * Finds the resources and data sources in a file of Terraform's JSON syntax, such as `cdk.tf.json`.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function blocksOfJson(text: string): SourceFile {
  const blocks: Block[] = [];
  const open: Frame[] = [];
  let line = 1;
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const frame = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ isArray: token === "[", name: undefined });
      isName = token === "{";
    } else if (token === "}" || token === "]") {
      open.pop();
      isName = false;
    } else if (token === ",") {
      isName = frame?.isArray === false;
    } else if (token === "\n") {
      line += 1;
    } else if (isName && /^".*"$/.test(token) && frame !== undefined) {
      frame.name = token.slice(1, -1);
      isName = false;
      // The names are resource, type and name. Terraform allows an array around the object of each.
      const address = open.length > DEEPEST ? undefined : addressOf(open.flatMap(({ name }) => name ?? []));
      if (address !== undefined) {
        blocks.push({ address, line });
      }
    }
  }
  return { blocks, isBroken: jsonIn(text) === undefined };
}
