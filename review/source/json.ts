import { addressOf, type Block } from "./block";

const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\],\n]|[^"{}[\],\n]+|"/g;

const DEEPEST = 6;

/** An object, with the name of the member that is read; an array has none. */
interface Frame {
  isArray: boolean;
  name: string | undefined;
}

/**
 * The resources and data sources of a file in the JSON form of Terraform's language, such as `cdk.tf.json`.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function blocksOfJson(text: string): readonly Block[] {
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
      // Terraform allows an array around each of the three names.
      const address = open.length > DEEPEST ? undefined : addressOf(open.flatMap(({ name }) => name ?? []));
      if (address !== undefined) {
        blocks.push({ address, line });
      }
    }
  }
  return blocks;
}
