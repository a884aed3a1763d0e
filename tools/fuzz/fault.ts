import { main } from "../../review/cli/main";
import type { Format } from "../../review/render/render";

/** Patterns of text that no report may have: invisible characters, and commands of CI runners. */
const REFUSED: readonly RegExp[] = [
  // eslint-disable-next-line no-control-regex -- the characters that no report may have
  /[\0-\x09\x0b-\x1f\x7f-\x9f]/,
  /[\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/u,
  /^\s*::/m,
  /##\w*\[/,
  /section_(?:start|end):/,
];

/**
 * Reviews a plan in a format, and returns the first fault of the review; undefined if it has none.
 *
 * @param options - more options of the command
 */
export function faultOf(plan: string, format: Format, options: readonly string[] = []): string | undefined {
  const { error, output, status } = reviewed(plan, ["--format", format, ...options]);
  if (![0, 1, 2].includes(status)) {
    return `the exit status is ${status}`;
  }
  if (error.includes("the review failed")) {
    return error.trim();
  }
  if ((status === 2) !== (output === "")) {
    return `the exit status is ${status}, and the output has ${output.length} characters`;
  }
  const text = withoutOwnScript(output + error, format);
  const [refused] = REFUSED.flatMap((pattern) => pattern.exec(text) ?? []);
  return refused === undefined ? undefined : `the output has ${JSON.stringify(refused)}`;
}

/** Removes the script and the styles of an HTML page, which are the same for every plan. */
function withoutOwnScript(output: string, format: Format): string {
  return format === "html" ? output.replace(/<(style|script)\b[^>]*>[^]*?<\/\1>/g, "") : output;
}

function reviewed(plan: string, options: readonly string[]) {
  const [output, error]: [string[], string[]] = [[], []];
  const write = process.stdout.write.bind(process.stdout);
  const print = console.error.bind(console);
  process.stdout.write = (text: Uint8Array | string): boolean => output.push(String(text)) > 0;
  console.error = (text: string): void => void error.push(`${text}\n`);
  try {
    const status = main([...options, "plan.json"], () => plan);
    return { error: error.join(""), output: output.join(""), status };
  } finally {
    process.stdout.write = write;
    console.error = print;
  }
}
