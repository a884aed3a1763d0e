// Reads the public API, as modules/index.ts exports it. Writes docs/api/, the reference, from the JSDoc, and
// docs/constructs.api.md, the report of every signature, so that a review of a commit shows changed signatures. An argument names
// another directory than docs/.
//
//     npm run docs
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { Application, Comment, CommentTag, Converter } from "typedoc";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const docs = resolve(process.argv[2] ?? join(root, "docs"));
mkdirSync(docs, { recursive: true });

/** By folder in modules/: the category of the names that the folder exports, in the order of the pages. "" is modules/ itself. */
const CATEGORIES = {
  iam: "iam",
  kms: "kms",
  redshift: "redshift",
  "data-api": "data-api",
  operations: "operations",
  sharing: "sharing",
  "": "composition",
  private: "other types",
};

const reference = await Application.bootstrapWithPlugins({
  // The modifier of each prop is readonly, and its default is in its description.
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true },
  // Line numbers of sources change more often than their text.
  disableSources: true,
  entryPoints: [join(root, "modules", "index.ts")],
  categorizeByGroup: false,
  categoryOrder: Object.values(CATEGORIES),
  classPropertiesFormat: "table",
  excludeExternals: true,
  excludePrivate: true,
  hidePageHeader: true,
  indexFormat: "table",
  interfacePropertiesFormat: "table",
  logLevel: "Warn",
  name: "API",
  parametersFormat: "table",
  typeAliasPropertiesFormat: "table",
  outputs: [{ name: "markdown", path: join(docs, "api") }],
  plugin: ["typedoc-plugin-markdown"],
  readme: "none",
  // Types that signatures name and the index does not export.
  intentionallyNotExported: ["Where"],
  // The default of most props is a sentence, and not code.
  jsDocCompatibility: { defaultTag: false },
  treatWarningsAsErrors: true,
  tsconfig: join(root, "tsconfig.build.json"),
});
reference.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
  if (reflection.parent?.isProject()) {
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    const [, folder = ""] = /\/modules\/([\w-]+)\//.exec(file ?? "") ?? [];
    reflection.comment ??= new Comment();
    reflection.comment.blockTags.push(new CommentTag("@category", [{ kind: "text", text: CATEGORIES[folder] }]));
  }
});
// A reader of a construct asks for its members, and not for the class that declares them.
reference.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
  for (const reflection of Object.values(project.reflections)) {
    delete reflection.implementationOf;
    delete reflection.inheritedFrom;
    delete reflection.overwrites;
  }
});
const project = await reference.convert();
if (!project || reference.logger.hasErrors() || reference.logger.hasWarnings()) {
  throw new Error("the API reference could not be generated from modules/index.ts");
}
await reference.generateOutputs(project);

const scratch = mkdtempSync(join(tmpdir(), "api-report-"));
try {
  const { succeeded } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObject: {
        apiReport: { enabled: true, reportFileName: "constructs", reportFolder: scratch, reportTempFolder: scratch },
        compiler: { tsconfigFilePath: join(root, "tsconfig.build.json") },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        mainEntryPointFilePath: join(root, "lib", "index.d.ts"),
        // Messages that a reviewer does not need, such as a type that is not exported.
        messages: { extractorMessageReporting: { default: { logLevel: "none" } } },
        newlineKind: "lf",
        projectFolder: root,
        tsdocMetadata: { enabled: false },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, "package.json"),
    }),
    { localBuild: true, messageCallback: (message) => (message.handled = message.logLevel !== "error") },
  );
  if (!succeeded) {
    throw new Error("the API report could not be generated from lib/index.d.ts: run npm run build first");
  }
  cpSync(join(scratch, "constructs.api.md"), join(docs, "constructs.api.md"));
} finally {
  rmSync(scratch, { recursive: true });
}
