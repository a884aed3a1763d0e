import { join } from "node:path";

/** The folder of the checkout, or of the package, whose bundles are as deep as this file. */
export const PACKAGE = join(__dirname, "..", "..");
