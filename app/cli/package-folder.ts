import { join } from "node:path";

/** The top folder of the checkout, or of the installed package: in both, this code is two folders below it. */
export const PACKAGE = join(__dirname, "..", "..");
