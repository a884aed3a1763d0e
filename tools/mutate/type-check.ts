import { join } from "node:path";
import ts from "typescript";
import { UserError } from "../command";

/** The TypeScript type checker, with all sources of the checkout in memory. */
export class TypeCheck {
  private readonly host: ts.CompilerHost;
  private readonly names: readonly string[];
  private readonly options: ts.CompilerOptions;
  private readonly intact: ts.SemanticDiagnosticsBuilderProgram;
  /** The source that has a mutant at the moment, and its text. */
  private broken: { readonly name: string; readonly text: string } | undefined;

  /** @throws UserError if the intact sources have a type error */
  public constructor(private readonly root: string) {
    const read = (name: string): string | undefined => ts.sys.readFile(name);
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), read) as { config: object };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    this.names = fileNames;
    // With isolatedModules, the compiler does not check the files that import the changed file.
    this.options = { ...options, isolatedModules: false };
    this.host = this.cachingHost();
    this.intact = this.program();
    const error = firstError(this.intact);
    if (error !== undefined) {
      throw new UserError(`the sources must pass the type checker before one is broken, got: ${error}`);
    }
  }

  /** Returns whether a new text of a file causes a type error, in this file or in a file that imports it. */
  public refuses(file: string, text: string): boolean {
    this.broken = { name: join(this.root, file), text };
    return firstError(this.program(this.intact)) !== undefined;
  }

  private program(old?: ts.SemanticDiagnosticsBuilderProgram): ts.SemanticDiagnosticsBuilderProgram {
    return ts.createSemanticDiagnosticsBuilderProgram(this.names, this.options, this.host, old);
  }

  /** Returns a compiler host that parses each file once, but the file with the mutant each time. */
  private cachingHost(): ts.CompilerHost {
    const host = ts.createIncrementalCompilerHost(this.options);
    const [parse, hash] = [host.getSourceFile.bind(host), host.createHash!.bind(host)];
    const parsed = new Map<string, ts.SourceFile | undefined>();
    host.getSourceFile = (name, languageVersion, ...rest) => {
      if (name === this.broken?.name) {
        const { text } = this.broken;
        return Object.assign(ts.createSourceFile(name, text, languageVersion), { version: hash(text) });
      }
      if (!parsed.has(name)) {
        parsed.set(name, parse(name, languageVersion, ...rest));
      }
      return parsed.get(name);
    };
    return host;
  }
}

/** Returns the first error in files that changed since the last program, or that depend on such a file. */
function firstError(program: ts.SemanticDiagnosticsBuilderProgram): string | undefined {
  for (;;) {
    const next = program.getSemanticDiagnosticsOfNextAffectedFile();
    if (next === undefined) {
      return undefined;
    }
    if (next.result[0] !== undefined) {
      return ts.flattenDiagnosticMessageText(next.result[0].messageText, "\n");
    }
  }
}
