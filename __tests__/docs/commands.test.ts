import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import COMMANDS from "../../app/cli/commands.json";
import { PAGES } from "../../tools/docs/embed";
import { ROOT } from "../support/paths";

const { scripts, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly version: string;
};
const TERRAFORM = [
  "apply",
  "destroy",
  "import",
  "init",
  "output",
  "plan",
  "providers",
  "show",
  "state",
  "test",
  "untaint",
];
const CDKTF = ["deploy", "destroy", "diff", "output", "synth"];
/** The commands of a page: the lines of its shell blocks, and its inline code. A command of several lines is one. */
function commandsOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  const lines = [...text.matchAll(/^( *)```(?:sh|text)\n([^]*?)^\1```$/gm)].flatMap(([, , block]) =>
    block!.replaceAll(/\\\n\s*/g, "").split("\n"),
  );
  const inline = [...text.replaceAll(/^( *)```[^]*?^\1```$/gm, "").matchAll(/`([^`]+)`/g)].map(([, code]) =>
    code!.replaceAll(/\s+/g, " "),
  );
  return [...lines, ...inline]
    .flatMap((line) => line.split(/ && | \| |\$\(/))
    .map((command) => command.trim().replace(/^(?:[A-Z_]+=(?:'[^']*'|\S+) )+/, ""))
    .filter((command) => /^(?:npm|npx|terraform|redshift-kms) (?!Note)/.test(command));
}

/** The options of a command line, by their names. */
const optionsOf = (args: string): readonly string[] =>
  [...args.replaceAll(/'[^']*'|"[^"]*"/g, "").matchAll(/(?<=^| )--[a-z][\w-]*/g)].map(([option]) => option);

/** The text of the sources of a program: its file, or its folder if the file is main.ts. */
function sourcesOf(entry: string): string {
  const files = entry.includes("/") ? globSync(`${dirname(entry)}/*.ts`, { cwd: ROOT }) : ["app/cli/synth.ts"];
  return files.map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");
}

/** The fault of a command, or undefined if it exists with its options. */
function faultOf(command: string): string | undefined {
  const [, silent, script, args = ""] =
    /^npm (?:--silent )?(?:run (--silent |-s )?)?([\w:-]+)(?: (?:-- )?(.*))?$/.exec(command) ?? [];
  if (/^npm (?:pack|publish|view|install|deprecate)\b/.test(command) && silent === undefined) {
    const [, named] = /(?:@redshift-kms\/[\w-]+@|redshift-kms-[a-z-]+-)(VERSION|[\d.]+\d)/.exec(command) ?? [];
    return named === undefined || [version, "VERSION"].includes(named) ? undefined : `names version ${named}`;
  }
  if (script !== undefined && command.startsWith("npm ")) {
    if (["ci", "ls", "update"].includes(script)) {
      return undefined;
    }
    const entry = /\S+\.ts\b/.exec(scripts[script] ?? "")?.[0];
    const missing = entry === undefined ? [] : optionsOf(args).filter((option) => !sourcesOf(entry).includes(option));
    return scripts[script] === undefined ? "is no script" : missing.length > 0 ? `lacks ${missing.join()}` : undefined;
  }
  const [, subcommand, rest] =
    /^(?:(?:npx --no(?:-install)? )?redshift-kms|npx --yes @redshift-kms\/cli) ([a-z][\w-]*)(.*)$/.exec(command) ?? [];
  if (subcommand !== undefined) {
    const entry = (COMMANDS as Readonly<Record<string, { readonly entry: string } | undefined>>)[subcommand]?.entry;
    const missing = entry === undefined ? [] : optionsOf(rest!).filter((option) => !sourcesOf(entry).includes(option));
    return entry === undefined ? "is no command" : missing.length > 0 ? `lacks ${missing.join()}` : undefined;
  }
  const [, tool, verb] = /^(terraform|npx cdkt[fn])(?: -chdir=\S+)? ([a-z]+)/.exec(command) ?? [];
  return verb === undefined || (tool === "terraform" ? TERRAFORM : CDKTF).includes(verb) ? undefined : "is no command";
}

test.each([...PAGES, "CONTRIBUTING.md"])("each command in %s exists, with its options", (page) => {
  const faults = commandsOf(page).flatMap((command) => {
    const fault = faultOf(command);
    return fault === undefined ? [] : `${command}: ${fault}`;
  });
  expect(faults).toStrictEqual([]);
});

test.each([
  ["npm run unknown", "is no script"],
  ["npm run grants -- --unknown", "lacks --unknown"],
  ["redshift-kms unknown", "is no command"],
  ["redshift-kms list --unknown", "lacks --unknown"],
  ["npx --yes @redshift-kms/cli init --unknown", "lacks --unknown"],
  ["npx cdktf unknown", "is no command"],
  ["terraform -chdir=DIR unknown", "is no command"],
  ["npm install @redshift-kms/constructs@0.0.1", "names version 0.0.1"],
])("faultOf finds the fault of %s", (command, fault) => {
  expect(faultOf(command)).toBe(fault);
});
